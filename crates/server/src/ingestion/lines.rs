//! A body cut into lines while it arrives, whatever its length: no more of it is held than one
//! piece and the line that is not complete yet.

use std::io::Write;

use axum::body::Bytes;
use axum::http::StatusCode;
use flate2::write::MultiGzDecoder;

use crate::platform::http::Problem;
use crate::platform::http::extract::LARGEST_BODY;

/// A line may be as long as the body of a single request.
const LONGEST_LINE: usize = LARGEST_BODY;
/// How much is unpacked at once. It may unfold to a thousand times as much.
const PIECE: usize = 1024;

/// Whether the body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    Plain,
    Gzip,
}

pub struct Lines {
    unpacker: Option<MultiGzDecoder<Vec<u8>>>,
    /// What has been unpacked, and how much of it has been cut.
    text: Vec<u8>,
    cut: usize,
    /// The beginning of a line whose end has not come yet.
    begun: Vec<u8>,
    /// A line that was put together.
    joined: Vec<u8>,
    too_long: bool,
    number: u64,
}

/// A line by its number in the body, from 1.
pub struct Line<'a> {
    pub number: u64,
    pub text: Result<&'a [u8], Problem>,
}

impl Lines {
    pub fn new(packing: Packing) -> Lines {
        Lines {
            unpacker: (packing == Packing::Gzip).then(|| MultiGzDecoder::new(Vec::new())),
            text: Vec::new(),
            cut: 0,
            begun: Vec::new(),
            joined: Vec::new(),
            too_long: false,
            number: 0,
        }
    }

    /// The number of the line that is being read.
    pub fn next_number(&self) -> u64 {
        self.number + 1
    }

    /// Takes something from the front of `bytes`. To be called when no whole line is left.
    pub fn feed(&mut self, bytes: &mut Bytes) -> Result<(), Problem> {
        self.text.clear();
        self.cut = 0;
        match &mut self.unpacker {
            None => self.text.extend_from_slice(&std::mem::take(bytes)),
            Some(unpacker) => {
                unpacker.write_all(&bytes.split_to(bytes.len().min(PIECE))).map_err(|_| broken_gzip())?;
                std::mem::swap(unpacker.get_mut(), &mut self.text);
            }
        }
        Ok(())
    }

    /// The body has come to its end. What is left is a line, too, whether or not it was ended.
    pub fn end(&mut self) -> Result<(), Problem> {
        self.text.clear();
        self.cut = 0;
        if let Some(unpacker) = &mut self.unpacker {
            unpacker.try_finish().map_err(|_| broken_gzip())?;
            std::mem::swap(unpacker.get_mut(), &mut self.text);
        }
        if !self.begun.is_empty() || self.too_long || !self.text.is_empty() {
            self.text.push(b'\n');
        }
        Ok(())
    }

    /// The next whole line that is not blank.
    pub fn next_line(&mut self) -> Option<Line<'_>> {
        loop {
            let start = self.cut;
            let Some(length) = self.text[start..].iter().position(|byte| *byte == b'\n') else {
                self.keep(start, self.text.len());
                self.cut = self.text.len();
                return None;
            };
            let end = start + length;
            self.cut = end + 1;
            self.number += 1;
            let number = self.number;
            if self.begun.is_empty() && !self.too_long && length <= LONGEST_LINE {
                if self.text[start..end].iter().all(u8::is_ascii_whitespace) {
                    continue;
                }
                return Some(Line { number, text: Ok(&self.text[start..end]) });
            }
            self.keep(start, end);
            if std::mem::take(&mut self.too_long) {
                return Some(Line { number, text: Err(too_long()) });
            }
            self.joined = std::mem::take(&mut self.begun);
            if !self.joined.iter().all(u8::is_ascii_whitespace) {
                return Some(Line { number, text: Ok(&self.joined) });
            }
        }
    }

    /// Adds to the line that has begun; of one that is too long only that is remembered.
    fn keep(&mut self, start: usize, end: usize) {
        self.too_long |= self.begun.len() + (end - start) > LONGEST_LINE;
        if self.too_long {
            self.begun = Vec::new();
        } else {
            self.begun.extend_from_slice(&self.text[start..end]);
        }
    }
}

fn broken_gzip() -> Problem {
    let detail = "the body is no gzip, or was cut off: nothing after this was read";
    Problem::new(StatusCode::BAD_REQUEST, "broken_gzip", detail)
}

fn too_long() -> Problem {
    let detail = format!("the line is longer than {LONGEST_LINE} bytes");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "line_too_long", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line's number with its text, or with the status of what is wrong with it.
    type Found = (u64, Result<String, u16>);

    /// What is read of a body that arrives in pieces of this size.
    fn read(packing: Packing, body: &[u8], size: usize) -> (Vec<Found>, Result<(), Problem>) {
        let mut lines = Lines::new(packing);
        let mut found = Vec::new();
        let mut cut = |lines: &mut Lines| {
            while let Some(Line { number, text }) = lines.next_line() {
                let text = text.map(|text| String::from_utf8(text.to_vec()).unwrap());
                found.push((number, text.map_err(|problem| problem.status().as_u16())));
            }
        };
        for piece in body.chunks(size) {
            let mut bytes = Bytes::copy_from_slice(piece);
            while !bytes.is_empty() {
                if let Err(problem) = lines.feed(&mut bytes) {
                    return (found, Err(problem));
                }
                cut(&mut lines);
            }
        }
        let ended = lines.end();
        cut(&mut lines);
        (found, ended)
    }

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn lines_are_the_same_however_they_arrive() {
        let long = "x".repeat(LONGEST_LINE);
        let body = format!("one\r\n\n  \ntwo\n{long}\n{long}y\nthree");
        let text = |text: &str| Ok(text.to_owned());
        let expected = [(1, text("one\r")), (4, text("two")), (5, text(&long)), (6, Err(413)), (7, text("three"))];
        let packed = packed(body.as_bytes());
        for size in [1, 7, 1000, 5_000_000] {
            for (packing, body) in [(Packing::Plain, body.as_bytes()), (Packing::Gzip, &packed)] {
                let (found, ended) = read(packing, body, size);
                assert!(found == expected && ended.is_ok(), "{packing:?} {size}");
            }
        }
    }

    #[test]
    fn a_packed_body_that_is_cut_off_gives_its_lines_and_a_problem() {
        let text: String = (0..20_000).map(|number| format!("{number}\n")).collect();
        let packed = packed(text.as_bytes());
        let (found, ended) = read(Packing::Gzip, &packed[..packed.len() / 2], 100);
        assert!(ended.is_err() && found.len() > 1_000 && found.len() < 20_000);
        let (found, ended) = read(Packing::Gzip, b"not packed at all", 100);
        assert!(ended.is_err() && found.is_empty());
    }
}
