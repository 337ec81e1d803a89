//! A client that does no more than HTTP/1.1 asks: the load and the server share the same cores, and
//! what the client takes, the server lacks.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::failure::Failure;

const CHUNK: usize = 64 * 1024;

/// A connection that is kept open.
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// The first cookie that is set, without what is said about it.
    pub cookie: Option<String>,
    pub body: Vec<u8>,
}

/// How the end of a body is known.
enum Length {
    Bytes(usize),
    Chunked,
}

impl Connection {
    pub async fn open(address: &str) -> Result<Connection, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: Vec::with_capacity(CHUNK) })
    }

    /// Sends a request and reads the answer, which may begin before the request has ended.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer, Failure> {
        let (mut reading, mut writing) = self.stream.split();
        let sending = writing.write_all(request);
        let answer = read_answer(&mut reading, &mut self.buffer);
        let (sent, answer) = tokio::join!(sending, answer);
        sent?;
        answer
    }
}

/// A request with a body, or without.
pub fn request(method: &str, path: &str, key: &str, kind: &str, body: &str) -> Vec<u8> {
    let head = format!("{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n");
    let rest = match body {
        "" => "\r\n".to_owned(),
        body => format!("content-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}", body.len()),
    };
    (head + &rest).into_bytes()
}

/// What is read beyond the answer stays in the buffer.
async fn read_answer(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Result<Answer, Failure> {
    let head = take_through(stream, buffer, b"\r\n\r\n").await?;
    let head = std::str::from_utf8(&head)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| Failure::new("the server's answer is no HTTP"))?;
    let named = |line: &str| Some(line.split_once(':')?.1.split(';').next()?.trim().to_owned());
    let cookie = head.lines().find(|line| line.to_ascii_lowercase().starts_with("set-cookie:")).and_then(named);
    let body = match length(head)? {
        Length::Bytes(length) => take(stream, buffer, length).await?,
        Length::Chunked => read_chunks(stream, buffer).await?,
    };
    Ok(Answer { status, cookie, body })
}

fn length(head: &str) -> Result<Length, Failure> {
    for line in head.lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-length") {
            return Ok(Length::Bytes(value.trim().parse()?));
        }
        if name.eq_ignore_ascii_case("transfer-encoding") {
            return Ok(Length::Chunked);
        }
    }
    Err(Failure::new("the server's answer does not say how long it is"))
}

async fn read_chunks(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Result<Vec<u8>, Failure> {
    const END: usize = 2;
    let mut body = Vec::new();
    loop {
        let line = take_through(stream, buffer, b"\r\n").await?;
        let length = usize::from_str_radix(std::str::from_utf8(&line)?.trim(), 16)?;
        let chunk = take(stream, buffer, length + END).await?;
        if length == 0 {
            return Ok(body);
        }
        body.extend_from_slice(&chunk[..length]);
    }
}

/// What comes up to `mark`, with it.
async fn take_through(
    stream: &mut (impl AsyncRead + Unpin),
    buffer: &mut Vec<u8>,
    mark: &[u8],
) -> Result<Vec<u8>, Failure> {
    loop {
        if let Some(start) = buffer.windows(mark.len()).position(|window| window == mark) {
            return Ok(buffer.drain(..start + mark.len()).collect());
        }
        read_more(stream, buffer).await?;
    }
}

async fn take(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>, length: usize) -> Result<Vec<u8>, Failure> {
    while buffer.len() < length {
        read_more(stream, buffer).await?;
    }
    Ok(buffer.drain(..length).collect())
}

async fn read_more(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Result<(), Failure> {
    buffer.reserve(CHUNK);
    match stream.read_buf(buffer).await? {
        0 => Err(Failure::new("the server closed the connection in the middle of an answer")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn answers_are_read_one_by_one() {
        let mut bytes: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 404 Not Found\r\n\
            transfer-encoding: chunked\r\n\r\n3\r\nabc\r\nb\r\ndefghijklmn\r\n0\r\n\r\n";
        let mut buffer = Vec::new();
        let first = read_answer(&mut bytes, &mut buffer).await.unwrap();
        assert_eq!((first.status, first.body.as_slice()), (200, &b"ab"[..]));
        let second = read_answer(&mut bytes, &mut buffer).await.unwrap();
        assert_eq!((second.status, second.body.as_slice()), (404, &b"abcdefghijklmn"[..]));
        assert!(read_answer(&mut bytes, &mut buffer).await.is_err());
    }
}
