//! Proxies that may say where a request comes from.

use std::{fmt, net::IpAddr, str::FromStr};

/// Addresses and networks of our own proxies. Nobody else's `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Block>);

/// The text is not a list of addresses and networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a list of addresses and networks")]
pub struct MalformedProxies;

/// The addresses that begin with the same bits: `10.0.0.0/8`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Block {
    first: IpAddr,
    bits: u32,
}

impl FromStr for Proxies {
    type Err = MalformedProxies;

    fn from_str(text: &str) -> Result<Self, MalformedProxies> {
        let parts = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        Ok(Self(parts.map(Block::parse).collect::<Result<_, _>>()?))
    }
}

impl fmt::Display for Proxies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blocks: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        formatter.write_str(&blocks.join(","))
    }
}

impl Proxies {
    /// The client's address: the last one in the chain that is not a proxy of ours.
    #[must_use]
    pub fn client(&self, peer: IpAddr, forwarded_for: Option<&str>) -> IpAddr {
        let mut client = peer.to_canonical();
        let mut chain = forwarded_for.unwrap_or_default().rsplit(',');
        while self.0.iter().any(|block| block.holds(client)) {
            match chain
                .next()
                .and_then(|part| part.trim().parse::<IpAddr>().ok())
            {
                Some(before) => client = before.to_canonical(),
                None => break,
            }
        }
        client
    }
}

impl Block {
    fn parse(text: &str) -> Result<Self, MalformedProxies> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let first: IpAddr = address.trim().parse().map_err(|_| MalformedProxies)?;
        let width = width(first);
        let bits = match bits {
            Some(bits) => bits.trim().parse().map_err(|_| MalformedProxies)?,
            None => width,
        };
        if bits > width {
            return Err(MalformedProxies);
        }
        Ok(Self { first, bits })
    }

    fn holds(self, address: IpAddr) -> bool {
        let ignored = width(self.first) - self.bits;
        let leading = |number: u128| number.checked_shr(ignored).unwrap_or(0);
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                leading(u128::from(first.to_bits())) == leading(u128::from(address.to_bits()))
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                leading(first.to_bits()) == leading(address.to_bits())
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl fmt::Display for Block {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.bits == width(self.first) {
            write!(formatter, "{}", self.first)
        } else {
            write!(formatter, "{}/{}", self.first, self.bits)
        }
    }
}

const fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let proxies: Proxies = "10.0.0.1, 10.0.0.2".parse().unwrap();
        let [proxy, stranger, client] = ["10.0.0.1", "198.51.100.7", "192.0.2.1"].map(address);

        assert_eq!(proxies.client(proxy, Some("192.0.2.1")), client);
        assert_eq!(
            proxies.client(proxy, Some("6.6.6.6, 192.0.2.1, 10.0.0.2")),
            client
        );
        assert_eq!(proxies.client(stranger, Some("192.0.2.1")), stranger);
        assert_eq!(proxies.client(proxy, None), proxy);
        assert_eq!(proxies.client(proxy, Some("nonsense")), proxy);
    }

    #[test]
    fn a_network_holds_its_addresses_and_no_others() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.0.2.128/25", "192.0.2.129", "192.0.2.127"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("::/0", "2001:db8::1", "203.0.113.9"),
            ("::1", "::1", "::2"),
        ] {
            let block = Block::parse(network).unwrap();
            assert!(block.holds(address(inside)), "{network} {inside}");
            assert!(!block.holds(address(outside)), "{network} {outside}");
        }
    }

    #[test]
    fn an_address_in_the_other_family_is_the_same_address() {
        let proxies: Proxies = "127.0.0.1".parse().unwrap();

        assert_eq!(
            proxies.client(address("::ffff:127.0.0.1"), Some("192.0.2.1")),
            address("192.0.2.1")
        );
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "proxy",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "/8",
        ] {
            assert_eq!(text.parse::<Proxies>(), Err(MalformedProxies), "{text}");
        }
    }
}
