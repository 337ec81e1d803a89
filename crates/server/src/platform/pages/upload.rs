//! A form with a file (`multipart/form-data`, RFC 7578).

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};

use super::error::PageError;

/// Of all that is sent: a picture and a few words.
const LARGEST: usize = 1024 * 1024;
/// Fields of a form with a file are few.
const MOST_PARTS: usize = 16;

/// What was sent, field by field. What a file is called is of no concern: its content says what it is.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    parts: BTreeMap<String, Vec<u8>>,
}

impl Upload {
    /// The content of a file; nothing where none was chosen.
    pub fn file(&self, field: &str) -> &[u8] {
        self.parts.get(field).map_or(&[], Vec::as_slice)
    }

    fn read(body: &[u8], boundary: &str) -> Option<Upload> {
        let mut parts = BTreeMap::new();
        let line = format!("--{boundary}");
        let mut rest = body.get(find(body, line.as_bytes())? + line.len()..)?;
        let between = format!("\r\n{line}");
        while !rest.starts_with(b"--") {
            let part = rest.strip_prefix(b"\r\n")?;
            let end = find(part, between.as_bytes())?;
            let (part, after) = part.split_at(end);
            let head = find(part, b"\r\n\r\n")?;
            let name = name_in(std::str::from_utf8(part.get(..head)?).ok()?)?;
            parts.insert(name, part.get(head + 4..)?.to_vec());
            rest = after.get(between.len()..)?;
            if parts.len() > MOST_PARTS {
                return None;
            }
        }
        Some(Upload { parts })
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

/// Which field a part is of.
fn name_in(head: &str) -> Option<String> {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut stated = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-disposition"));
    let (_, value) = stated.next()?;
    let name = value.split(';').find_map(|piece| piece.trim().strip_prefix("name="))?;
    Some(name.trim_matches('"').to_owned())
}

fn boundary(kind: &str) -> Option<String> {
    let (kind, rest) = kind.split_once(';')?;
    let stated = rest.split(';').find_map(|piece| piece.trim().strip_prefix("boundary="))?.trim_matches('"');
    let is_fine = kind.trim().eq_ignore_ascii_case("multipart/form-data") && (1..=70).contains(&stated.len());
    is_fine.then(|| stated.to_owned())
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = PageError;

    async fn from_request(request: Request, _: &S) -> Result<Upload, PageError> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = kind.and_then(boundary).ok_or(PageError::Status(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
        let body = axum::body::to_bytes(request.into_body(), LARGEST).await;
        let body = body.map_err(|_| PageError::Status(StatusCode::PAYLOAD_TOO_LARGE))?;
        Upload::read(&body, &boundary).ok_or(PageError::Status(StatusCode::BAD_REQUEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_by_name() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"use\"\r\n\r\nlogo\r\n--x\r\ncontent-disposition: \
                     form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: text/html\r\n\r\n\x89PNG\r\n--\r\n--x--\r\n";
        let upload = Upload::read(body, "x").unwrap();
        assert_eq!((upload.file("use"), upload.file("file")), (&b"logo"[..], &b"\x89PNG\r\n--"[..]));
        assert_eq!(upload.file("other"), b"");
    }

    #[test]
    fn whatever_comes_is_read_or_refused() {
        let whole = b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--";
        assert!((0..whole.len() - 2).all(|end| Upload::read(&whole[..end], "x").is_none()));
        assert!(Upload::read(b"", "x").is_none() && Upload::read(b"--x\r\n\r\n\r\n--x--", "x").is_none());
        assert_eq!(boundary("multipart/form-data; boundary=\"ab\"").as_deref(), Some("ab"));
        assert!(boundary("text/plain; boundary=ab").is_none() && boundary("multipart/form-data; boundary=").is_none());
    }
}
