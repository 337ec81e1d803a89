//! Where requests come from, for limits that go by it.

use std::net::IpAddr;

use axum::http::HeaderMap;

use super::connections::Peer;

/// Where a request comes from. Whoever stands on this machine or in its own network passes others' requests on, and
/// says whose they are.
pub fn client(peer: Option<&Peer>, headers: &HeaderMap) -> String {
    let Some(Peer(peer)) = peer else { return String::new() };
    let is_near = match peer {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    };
    let passed_on = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    let last = passed_on.and_then(|value| value.rsplit(',').next()).and_then(|last| last.trim().parse().ok());
    match last.filter(|_: &IpAddr| is_near).unwrap_or(*peer) {
        IpAddr::V4(address) => address.to_string(),
        // Whoever has one such address has all that share its first half.
        IpAddr::V6(address) => format!("{:x?}", &address.segments()[..4]),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;

    #[test]
    fn only_a_neighbour_is_believed_for_whom_it_asks() {
        for (peer, passed_on, expected) in [
            ("203.0.113.9", None, "203.0.113.9"),
            ("203.0.113.9", Some("198.51.100.1"), "203.0.113.9"),
            ("127.0.0.1", Some("198.51.100.1"), "198.51.100.1"),
            ("10.0.0.7", Some("6.6.6.6, 198.51.100.1"), "198.51.100.1"),
            ("127.0.0.1", Some("nonsense"), "127.0.0.1"),
            ("2001:db8:1:2:3::4", None, "[2001, db8, 1, 2]"),
        ] {
            let mut headers = HeaderMap::new();
            headers
                .extend(passed_on.map(|value| {
                    (header::HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static(value))
                }));
            assert_eq!(client(Some(&Peer(peer.parse().unwrap())), &headers), expected, "{peer} {passed_on:?}");
        }
    }
}
