use std::borrow::Cow;

use serde::Deserialize;

/// How the bytes of a file stand for letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Encoding {
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Central European Windows: what spreadsheets in Poland still write.
    #[serde(rename = "windows-1250")]
    Windows1250,
    #[serde(rename = "iso-8859-2")]
    Iso8859_2,
    #[serde(rename = "latin-1")]
    Latin1,
}

/// The bytes stand for no letters in this encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadBytes;

impl Encoding {
    pub fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, BadBytes> {
        match self {
            Encoding::Utf8 => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| BadBytes),
            _ => match std::str::from_utf8(bytes) {
                Ok(text) if text.is_ascii() => Ok(Cow::Borrowed(text)),
                _ => bytes
                    .iter()
                    .map(|byte| self.letter(*byte))
                    .collect::<Option<String>>()
                    .map(Cow::Owned)
                    .ok_or(BadBytes),
            },
        }
    }

    fn letter(self, byte: u8) -> Option<char> {
        let table = match self {
            Encoding::Windows1250 if byte >= 0x80 => WINDOWS_1250,
            Encoding::Iso8859_2 if byte >= 0x80 => ISO_8859_2,
            _ => return Some(char::from(byte)),
        };
        table.chars().nth(usize::from(byte) - 0x80).filter(|letter| *letter != UNUSED)
    }
}

/// Stands in the tables for a byte that has no letter.
const UNUSED: char = '\u{fffd}';

/// The letters of the bytes from 0x80 on, sixteen in a row.
const WINDOWS_1250: &str = concat!(
    "€\u{fffd}‚\u{fffd}„…†‡\u{fffd}‰Š‹ŚŤŽŹ",
    "\u{fffd}‘’“”•–—\u{fffd}™š›śťžź",
    "\u{a0}ˇ˘Ł¤Ą¦§¨©Ş«¬\u{ad}®Ż",
    "°±˛ł´µ¶·¸ąş»Ľ˝ľż",
    "ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎ",
    "ĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß",
    "ŕáâăäĺćçčéęëěíîď",
    "đńňóôőö÷řůúűüýţ˙",
);

/// The letters of the bytes from 0x80 on, sixteen in a row.
const ISO_8859_2: &str = concat!(
    "\u{80}\u{81}\u{82}\u{83}\u{84}\u{85}\u{86}\u{87}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\u{8d}\u{8e}\u{8f}",
    "\u{90}\u{91}\u{92}\u{93}\u{94}\u{95}\u{96}\u{97}\u{98}\u{99}\u{9a}\u{9b}\u{9c}\u{9d}\u{9e}\u{9f}",
    "\u{a0}Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u{ad}ŽŻ",
    "°ą˛ł´ľśˇ¸šşťź˝žż",
    "ŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎ",
    "ĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢß",
    "ŕáâăäĺćçčéęëěíîď",
    "đńňóôőö÷řůúűüýţ˙",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polish_letters_of_each_encoding() {
        for (encoding, bytes, text) in [
            (Encoding::Utf8, "żółw".as_bytes(), Ok("żółw")),
            (Encoding::Utf8, &[0xbf, b'a'][..], Err(BadBytes)),
            (Encoding::Windows1250, &[0xbf, 0xf3, 0xb3, b'w'][..], Ok("żółw")),
            (Encoding::Windows1250, &[0x8c, 0x9f, 0xb9][..], Ok("Śźą")),
            (Encoding::Windows1250, &[b'a', 0x81][..], Err(BadBytes)),
            (Encoding::Iso8859_2, &[0xa6, 0xbc, 0xb1][..], Ok("Śźą")),
            (Encoding::Latin1, &[0xe9, b't', 0xe9][..], Ok("été")),
            (Encoding::Windows1250, b"plain", Ok("plain")),
        ] {
            assert_eq!(encoding.decode(bytes).as_deref(), text.as_ref().copied(), "{encoding:?} {bytes:?}");
        }
    }

    #[test]
    fn each_table_has_a_letter_for_each_byte() {
        for table in [WINDOWS_1250, ISO_8859_2] {
            assert_eq!(table.chars().count(), 128);
        }
    }
}
