//! Pictures that staff bring: told by their content, held to a size, and kept without anything that is no picture.

use super::KnownPicture;

/// Of a file.
const LARGEST: usize = 512 * 1024;
/// Of a logo, in pixels a side.
const LONGEST_SIDE: u32 = 2_000;
/// Phones want an icon of at least this, and none needs more.
const ICON_SIDES: (u32, u32) = (192, 1_024);

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// What a PNG needs to be shown; texts, animations and whatever else may stand in one are left out.
const PNG_CHUNKS: [&[u8]; 9] = [b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"IDAT", b"IEND"];
const WEBP_CHUNKS: [&[u8]; 5] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP"];

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureUse {
    Logo,
    Icon,
}

impl PictureUse {
    pub fn name(self) -> &'static str {
        match self {
            PictureUse::Logo => "logo",
            PictureUse::Icon => "icon",
        }
    }

    pub fn named(name: &str) -> Option<PictureUse> {
        [PictureUse::Logo, PictureUse::Icon].into_iter().find(|purpose| purpose.name() == name)
    }
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFault {
    TooLarge,
    /// It may have programs in it.
    Drawing,
    UnknownKind,
    Damaged,
    /// Something else goes on behind the picture.
    MoreThanPicture,
    Moving,
    TooManyPixels,
    NotAnIcon,
}

impl PictureFault {
    /// The key of the text that says so.
    pub fn key(self) -> &'static str {
        match self {
            PictureFault::TooLarge => "picture-fault-large",
            PictureFault::Drawing => "picture-fault-drawing",
            PictureFault::UnknownKind => "picture-fault-kind",
            PictureFault::Damaged => "picture-fault-damaged",
            PictureFault::MoreThanPicture => "picture-fault-more",
            PictureFault::Moving => "picture-fault-moving",
            PictureFault::TooManyPixels => "picture-fault-pixels",
            PictureFault::NotAnIcon => "picture-fault-icon",
        }
    }
}

/// A picture that may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub known: KnownPicture,
    pub content: Vec<u8>,
}

/// What is left of a file, and how many pixels wide and high it is.
type Plain = (Vec<u8>, u32, u32);

/// Takes a file as a picture, whatever it is called.
pub fn picture(file: &[u8], purpose: PictureUse) -> Result<Picture, PictureFault> {
    if file.len() > LARGEST {
        return Err(PictureFault::TooLarge);
    }
    let (ending, (content, width, height)) = if file.starts_with(PNG) {
        ("png", png(file)?)
    } else if file.starts_with(b"\xff\xd8\xff") {
        ("jpg", jpeg(file)?)
    } else if file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP") {
        ("webp", webp(file)?)
    } else if is_drawing(file) {
        return Err(PictureFault::Drawing);
    } else {
        return Err(PictureFault::UnknownKind);
    };
    if width == 0 || height == 0 {
        return Err(PictureFault::Damaged);
    }
    if width > LONGEST_SIDE || height > LONGEST_SIDE {
        return Err(PictureFault::TooManyPixels);
    }
    if purpose == PictureUse::Icon && (width != height || width < ICON_SIDES.0 || width > ICON_SIDES.1) {
        return Err(PictureFault::NotAnIcon);
    }
    let mark = blake3::hash(&content).to_hex()[..24].to_owned();
    Ok(Picture { known: KnownPicture { mark, ending: ending.to_owned(), width, height }, content })
}

/// As browsers are told of a file with this ending.
pub fn media_type(ending: &str) -> &'static str {
    match ending {
        "png" => "image/png",
        "jpg" => "image/jpeg",
        _ => "image/webp",
    }
}

fn is_drawing(file: &[u8]) -> bool {
    let beginning = String::from_utf8_lossy(file.get(..file.len().min(1_024)).unwrap_or_default()).to_lowercase();
    beginning.contains("<svg") || beginning.trim_start_matches('\u{feff}').trim_start().starts_with("<?xml")
}

fn number_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn short_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

/// From the low end, of so many bytes.
fn little(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

fn png(file: &[u8]) -> Result<Plain, PictureFault> {
    let broken = PictureFault::Damaged;
    let mut content = PNG.to_vec();
    let mut at = PNG.len();
    let mut sides = None;
    let mut has_data = false;
    loop {
        let length = usize::try_from(number_at(file, at).ok_or(broken)?).map_err(|_| broken)?;
        let end = at.checked_add(length).and_then(|end| end.checked_add(12)).ok_or(broken)?;
        let chunk = file.get(at..end).ok_or(broken)?;
        let (kind, data) = (&chunk[4..8], &chunk[8..8 + length]);
        if number_at(chunk, 8 + length) != Some(checksum(&chunk[4..8 + length])) {
            return Err(broken);
        }
        match (kind, sides) {
            (b"IHDR", None) if length == 13 => {
                sides = Some((number_at(data, 0).ok_or(broken)?, number_at(data, 4).ok_or(broken)?));
            }
            (b"IHDR", _) | (_, None) => return Err(broken),
            _ => {}
        }
        has_data |= kind == b"IDAT";
        if PNG_CHUNKS.contains(&kind) {
            content.extend_from_slice(chunk);
        } else if kind.first().is_some_and(u8::is_ascii_uppercase) {
            // One without which a picture cannot be shown, and of which nobody has heard.
            return Err(broken);
        }
        at = end;
        if kind == b"IEND" {
            break;
        }
    }
    if at != file.len() {
        return Err(PictureFault::MoreThanPicture);
    }
    let (width, height) = sides.filter(|_| has_data).ok_or(broken)?;
    Ok((content, width, height))
}

/// CRC-32, as PNG has it.
fn checksum(bytes: &[u8]) -> u32 {
    let rest = bytes.iter().fold(u32::MAX, |rest, byte| {
        (0..8)
            .fold(rest ^ u32::from(*byte), |rest, _| if rest & 1 == 1 { (rest >> 1) ^ 0xedb8_8320 } else { rest >> 1 })
    });
    !rest
}

fn jpeg(file: &[u8]) -> Result<Plain, PictureFault> {
    let broken = PictureFault::Damaged;
    let mut content = file.get(..2).ok_or(broken)?.to_vec();
    let mut at = 2;
    let mut sides = None;
    loop {
        if file.get(at) != Some(&0xff) {
            return Err(broken);
        }
        let mark = *file.get(at + 1).ok_or(broken)?;
        match mark {
            0xff => {
                at += 1;
                continue;
            }
            0xd9 => {
                content.extend_from_slice(&[0xff, 0xd9]);
                at += 2;
                break;
            }
            _ => {}
        }
        let length = usize::try_from(short_at(file, at + 2).ok_or(broken)?).map_err(|_| broken)?;
        let end = at + 2 + length;
        let segment = file.get(at..end).filter(|_| length >= 2).ok_or(broken)?;
        // Frames of all kinds; between them stand tables.
        if (0xc0..=0xcf).contains(&mark) && ![0xc4, 0xc8, 0xcc].contains(&mark) {
            let (height, width) = (short_at(segment, 5).ok_or(broken)?, short_at(segment, 7).ok_or(broken)?);
            if sides.replace((width, height)).is_some() {
                return Err(broken);
            }
        }
        // Where a photograph was taken, by whom, and remarks are nobody's business. Adobe's note says how its colours
        // are meant.
        let is_left_out = mark == 0xfe || (0xe1..=0xef).contains(&mark) && mark != 0xee && mark != 0xe2;
        if !is_left_out {
            content.extend_from_slice(segment);
        }
        at = end;
        if mark == 0xda {
            // What is scanned goes on up to the next mark that is not part of it.
            let begun = at;
            while let Some(pair) = file.get(at..at + 2) {
                if pair[0] == 0xff && pair[1] != 0 && !(0xd0..=0xd7).contains(&pair[1]) {
                    break;
                }
                at += 1;
            }
            content.extend_from_slice(file.get(begun..at).ok_or(broken)?);
        }
    }
    if at != file.len() {
        return Err(PictureFault::MoreThanPicture);
    }
    let (width, height) = sides.ok_or(broken)?;
    Ok((content, width, height))
}

fn webp(file: &[u8]) -> Result<Plain, PictureFault> {
    let broken = PictureFault::Damaged;
    let stated = little(file.get(4..8).ok_or(broken)?);
    let stated = usize::try_from(stated).ok().and_then(|stated| stated.checked_add(8)).ok_or(broken)?;
    if stated < file.len() {
        return Err(PictureFault::MoreThanPicture);
    }
    let mut kept = b"WEBP".to_vec();
    let mut at = 12;
    let mut sides = None;
    while at < file.len() {
        let kind = file.get(at..at + 4).ok_or(broken)?;
        let length = usize::try_from(little(file.get(at + 4..at + 8).ok_or(broken)?)).map_err(|_| broken)?;
        let data = at.checked_add(8 + length).and_then(|end| file.get(at + 8..end)).ok_or(broken)?;
        let mut chunk = file.get(at..at + 8 + length).ok_or(broken)?.to_vec();
        match kind {
            b"ANIM" | b"ANMF" => return Err(PictureFault::Moving),
            b"VP8X" => {
                let flags = data.first().copied().ok_or(broken)?;
                if flags & 0b10 != 0 {
                    return Err(PictureFault::Moving);
                }
                // What is said of a photograph is left out, so it is not promised either.
                chunk.splice(8..9, [flags & !0b1100]);
                let (width, height) = (data.get(4..7).ok_or(broken)?, data.get(7..10).ok_or(broken)?);
                sides = Some((little(width) + 1, little(height) + 1));
            }
            b"VP8 " => {
                let begin = data.get(3..10).filter(|begin| begin.starts_with(b"\x9d\x01\x2a")).ok_or(broken)?;
                let own = (little(&begin[3..5]) & 0x3fff, little(&begin[5..7]) & 0x3fff);
                sides = agreed(sides, own)?;
            }
            b"VP8L" => {
                let begin = data.get(..5).filter(|begin| begin[0] == 0x2f).ok_or(broken)?;
                let bits = little(&begin[1..5]);
                sides = agreed(sides, ((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))?;
            }
            _ => {}
        }
        if WEBP_CHUNKS.contains(&kind) {
            kept.append(&mut chunk);
            kept.extend((length % 2 == 1).then_some(0));
        }
        at += 8 + length + length % 2;
    }
    let has_data = kept.windows(4).any(|kind| kind == b"VP8 " || kind == b"VP8L");
    let (width, height) = sides.filter(|_| has_data).ok_or(broken)?;
    let size = u32::try_from(kept.len()).map_err(|_| broken)?;
    Ok(([b"RIFF".as_slice(), &size.to_le_bytes(), &kept].concat(), width, height))
}

/// What stands on the canvas is as large as the canvas.
fn agreed(stated: Option<(u32, u32)>, own: (u32, u32)) -> Result<Option<(u32, u32)>, PictureFault> {
    if stated.is_none_or(|stated| stated == own) { Ok(Some(own)) } else { Err(PictureFault::Damaged) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
        let body = [kind, data].concat();
        let length = u32::try_from(data.len()).unwrap();
        [length.to_be_bytes().as_slice(), &body, &checksum(&body).to_be_bytes()].concat()
    }

    fn png_of(width: u32, height: u32, more: &[Vec<u8>]) -> Vec<u8> {
        let sides = [width.to_be_bytes().as_slice(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
        let mut file = [PNG, &chunk(b"IHDR", &sides)].concat();
        more.iter().for_each(|more| file.extend_from_slice(more));
        file.extend(chunk(b"IDAT", b"scan"));
        file.extend(chunk(b"IEND", b""));
        file
    }

    fn jpeg_of(width: u16, height: u16, more: &[u8]) -> Vec<u8> {
        let (w, h) = (width.to_be_bytes(), height.to_be_bytes());
        let frame = [0xff, 0xc0, 0, 11, 8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0];
        let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 0xff, 0, 3, 0xff, 0xd9];
        [&[0xff, 0xd8], more, &frame, &scan].concat()
    }

    fn webp_of(chunks: &[u8]) -> Vec<u8> {
        let size = u32::try_from(chunks.len() + 4).unwrap();
        [b"RIFF", size.to_le_bytes().as_slice(), b"WEBP", chunks].concat()
    }

    fn lossless(width: u32, height: u32) -> Vec<u8> {
        let bits = (width - 1) | (height - 1) << 14;
        [b"VP8L\x06\0\0\0\x2f".as_slice(), &bits.to_le_bytes(), b"\0"].concat()
    }

    fn refusal(file: &[u8]) -> Option<PictureFault> {
        picture(file, PictureUse::Logo).err()
    }

    #[test]
    fn a_picture_is_told_by_its_content() {
        for (file, ending) in
            [(png_of(300, 100, &[]), "png"), (jpeg_of(300, 100, &[]), "jpg"), (webp_of(&lossless(300, 100)), "webp")]
        {
            let taken = picture(&file, PictureUse::Logo).unwrap();
            let KnownPicture { ending: told, width, height, .. } = &taken.known;
            assert_eq!((told.as_str(), *width, *height, &taken.content), (ending, 300, 100, &file));
        }
    }

    #[test]
    fn nothing_stays_in_it_that_is_no_picture() {
        let place = chunk(b"tEXt", b"Comment\0<script>alert(1)</script>");
        let taken = picture(&png_of(9, 9, &[place, chunk(b"acTL", &[0; 8])]), PictureUse::Logo).unwrap();
        assert_eq!(taken.content, png_of(9, 9, &[]));
        let remark = [b"\xff\xfe\0\x08<html>".as_slice(), b"\xff\xe1\0\x08Exif\0\0"].concat();
        assert_eq!(picture(&jpeg_of(9, 9, &remark), PictureUse::Logo).unwrap().content, jpeg_of(9, 9, &[]));
        let said = [lossless(9, 9), b"XMP \x03\0\0\0<x>\0".to_vec()].concat();
        assert_eq!(picture(&webp_of(&said), PictureUse::Logo).unwrap().content, webp_of(&lossless(9, 9)));
    }

    #[test]
    fn what_is_no_plain_picture_is_refused() {
        let behind = |mut file: Vec<u8>| {
            file.extend_from_slice(b"<script>alert(1)</script>PK\x03\x04");
            file
        };
        let mut damaged = png_of(9, 9, &[]);
        damaged[17] ^= 1;
        for (file, fault) in [
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>".to_vec(), PictureFault::Drawing),
            (b"\xef\xbb\xbf<?xml version='1.0'?><x/>".to_vec(), PictureFault::Drawing),
            (b"GIF89a".to_vec(), PictureFault::UnknownKind),
            (b"<html>".to_vec(), PictureFault::UnknownKind),
            (Vec::new(), PictureFault::UnknownKind),
            (behind(png_of(9, 9, &[])), PictureFault::MoreThanPicture),
            (behind(jpeg_of(9, 9, &[])), PictureFault::MoreThanPicture),
            (behind(webp_of(&lossless(9, 9))), PictureFault::MoreThanPicture),
            (damaged, PictureFault::Damaged),
            (PNG.to_vec(), PictureFault::Damaged),
            (png_of(9, 9, &[chunk(b"EVIL", b"x")]), PictureFault::Damaged),
            (jpeg_of(9, 9, &[])[..20].to_vec(), PictureFault::Damaged),
            (b"\xff\xd8\xff".to_vec(), PictureFault::Damaged),
            (webp_of(b"VP8L\xff\xff\xff\xff"), PictureFault::Damaged),
            (webp_of(b"VP8X\x0a\0\0\0\x02\0\0\0\x08\0\0\x08\0\0"), PictureFault::Moving),
            (png_of(60_000, 60_000, &[]), PictureFault::TooManyPixels),
            (jpeg_of(2_001, 1, &[]), PictureFault::TooManyPixels),
            (webp_of(&lossless(16_000, 9)), PictureFault::TooManyPixels),
            (png_of(0, 9, &[]), PictureFault::Damaged),
            (vec![0; LARGEST + 1], PictureFault::TooLarge),
        ] {
            assert_eq!(refusal(&file), Some(fault), "{}", String::from_utf8_lossy(&file[..file.len().min(40)]));
        }
        let icon = |width, height| picture(&png_of(width, height, &[]), PictureUse::Icon).err();
        assert_eq!((icon(512, 512), icon(191, 191), icon(512, 500)), {
            let fault = Some(PictureFault::NotAnIcon);
            (None, fault, fault)
        });
    }

    /// Whatever comes, the answer is one of the two.
    #[test]
    fn no_file_is_too_odd() {
        for file in [png_of(9, 9, &[]), jpeg_of(9, 9, &[]), webp_of(&lossless(9, 9))] {
            for cut in 0..file.len() {
                let _ = picture(&file[..cut], PictureUse::Logo);
                for value in [0, 0x7f, 0xff] {
                    let mut changed = file.clone();
                    changed[cut] = value;
                    let _ = picture(&changed, PictureUse::Logo);
                }
            }
        }
    }
}
