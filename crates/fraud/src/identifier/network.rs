use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{Identifier, IdentifierError, IdentifierKind};

/// The address and its network. Of the sixth version a line has a /64 to itself and draws addresses from it, so
/// that is what stands for one; its network is the /48. Of the fourth version the network is the /24.
pub fn ip(text: &str) -> Result<[Identifier; 2], IdentifierError> {
    let address: IpAddr = text.trim().parse().map_err(|_| IdentifierError::Ip)?;
    let (line, network) = match address.to_canonical() {
        IpAddr::V4(address) if is_public(address) => {
            let [first, second, third, _] = address.octets();
            (address.to_string(), format!("{first}.{second}.{third}.0/24"))
        }
        IpAddr::V6(address) if is_public_six(address) => {
            let [first, second, third, fourth, ..] = address.segments();
            let cut = |fourth| Ipv6Addr::new(first, second, third, fourth, 0, 0, 0, 0);
            (format!("{}/64", cut(fourth)), format!("{}/48", cut(0)))
        }
        _ => return Err(IdentifierError::Ip),
    };
    Ok([Identifier::new(IdentifierKind::Ip, line), Identifier::new(IdentifierKind::Network, network)])
}

/// Behind a private address is the shop's own proxy, not a person.
fn is_public(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let is_carrier = first == 100 && (64..128).contains(&second);
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_multicast()
        || is_carrier)
}

fn is_public_six(address: Ipv6Addr) -> bool {
    let first = address.segments()[0];
    // What is given out to be reached from everywhere begins with 2000::/3.
    first & 0xe000 == 0x2000
}
