//! What has changed between two images of a database, page by page.
//!
//! An increment is gzip over records of one length: the number of a page from 0, four bytes with the
//! lowest first, and then the page. Which pages an image has is remembered by their hashes.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::Path;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::checkpoints::{Bytes, Digest};

/// A database file as one sequence of pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Image {
    pub page_size: usize,
    pub bytes: u64,
    /// Of the whole file.
    pub hash: Digest,
    pub pages: Vec<Digest>,
}

impl Image {
    /// Reads a file through.
    pub fn of(path: &Path) -> std::io::Result<Image> {
        let mut file = BufReader::new(File::open(path)?);
        let page_size = page_size(&mut file)?;
        let mut whole = blake3::Hasher::new();
        let mut image = Image { page_size, bytes: 0, hash: Bytes([0; 32]), pages: Vec::new() };
        let mut page = vec![0; page_size];
        while read_whole(&mut file, &mut page)? {
            whole.update(&page);
            image.pages.push(hash(&page));
            image.bytes += page_size as u64;
        }
        image.hash = Bytes(*whole.finalize().as_bytes());
        Ok(image)
    }

    /// Writes down the pages of `file`, whose image this is, that `before` did not have.
    pub fn write_changes(&self, before: &Image, file: &Path, to: &Path) -> std::io::Result<()> {
        let mut source = File::open(file)?;
        let mut output = GzEncoder::new(BufWriter::new(File::create(to)?), Compression::fast());
        let mut page = vec![0; self.page_size];
        for (number, hash) in self.pages.iter().enumerate() {
            if before.pages.get(number) == Some(hash) {
                continue;
            }
            source.seek(SeekFrom::Start(number as u64 * self.page_size as u64))?;
            source.read_exact(&mut page)?;
            let number = u32::try_from(number).map_err(std::io::Error::other)?;
            output.write_all(&number.to_le_bytes())?;
            output.write_all(&page)?;
        }
        output.finish()?.into_inner().map_err(|failed| failed.into_error())?.sync_all()
    }

    /// Remembers the image beside the backups.
    pub fn save(&self, path: &Path) -> std::io::Result<()> {
        let mut file = BufWriter::new(File::create(path)?);
        file.write_all(&self.hash.0)?;
        file.write_all(&(self.page_size as u64).to_le_bytes())?;
        for page in &self.pages {
            file.write_all(&page.0)?;
        }
        file.into_inner().map_err(|failed| failed.into_error())?.sync_all()
    }

    /// What was remembered; nothing when it is not there, or is of another image than `hash`.
    pub fn recall(path: &Path, hash: Digest) -> Option<Image> {
        let bytes = std::fs::read(path).ok()?;
        let (known, rest) = bytes.split_first_chunk::<32>()?;
        let (page_size, rest) = rest.split_first_chunk::<8>()?;
        let page_size = usize::try_from(u64::from_le_bytes(*page_size)).ok()?;
        let (pages, rest) = rest.as_chunks::<32>();
        let is_whole = rest.is_empty() && *known == hash.0;
        let pages: Vec<Digest> = pages.iter().map(|page| Bytes(*page)).collect();
        is_whole.then(|| Image { page_size, bytes: pages.len() as u64 * page_size as u64, hash, pages })
    }
}

/// Puts the pages of an increment in their places.
pub(super) fn apply(changes: &Path, page_size: usize, bytes: u64, file: &Path) -> std::io::Result<()> {
    let mut changes = GzDecoder::new(BufReader::new(File::open(changes)?));
    let mut target = File::options().write(true).open(file)?;
    let mut record = vec![0; 4 + page_size];
    while read_whole(&mut changes, &mut record)? {
        let (number, page) = record.split_first_chunk::<4>().ok_or(std::io::ErrorKind::InvalidData)?;
        target.seek(SeekFrom::Start(u64::from(u32::from_le_bytes(*number)) * page_size as u64))?;
        target.write_all(page)?;
    }
    target.set_len(bytes)?;
    target.sync_all()
}

/// The hash of a whole file, and its length.
pub(super) fn file_hash(path: &Path) -> std::io::Result<(Digest, u64)> {
    let mut hasher = blake3::Hasher::new();
    let length = std::io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok((Bytes(*hasher.finalize().as_bytes()), length))
}

fn hash(page: &[u8]) -> Digest {
    Bytes(*blake3::hash(page).as_bytes())
}

/// As the head of a SQLite file states it, where 1 stands for 65,536.
fn page_size(file: &mut BufReader<File>) -> std::io::Result<usize> {
    let mut head = [0; 18];
    file.read_exact(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => usize::from(size).max(512),
    })
}

/// Fills the buffer; `false` at the end. An end within a record is an error.
fn read_whole(input: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<bool> {
    let mut filled = 0;
    while filled < buffer.len() {
        match input.read(&mut buffer[filled..])? {
            0 if filled == 0 => return Ok(false),
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => filled += read,
        }
    }
    Ok(true)
}
