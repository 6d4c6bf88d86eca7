//! Where a request comes from, as far as rate limits need to know.

use std::{fmt, net::IpAddr};

/// A network: one IPv4 address, or an IPv6 /64 (the smallest part that one household or attacker is given).
///
/// It is counted by keyed digest only, and never stored or logged in clear.
#[derive(Clone, PartialEq, Eq)]
pub struct Network(String);

impl Network {
    /// The network that this address belongs to.
    #[must_use]
    pub fn from_ip(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        })
    }

    /// No network is known: everybody without one shares one allowance.
    #[must_use]
    pub fn unknown() -> Self {
        Self(String::new())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Network([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_one_ipv6_network_share_an_allowance() {
        let one = Network::from_ip("2001:db8:1:2:3::4".parse().unwrap());

        assert_eq!(
            one,
            Network::from_ip("2001:db8:1:2:ffff::1".parse().unwrap())
        );
        assert_ne!(one, Network::from_ip("2001:db8:1:3::4".parse().unwrap()));
        assert_eq!(
            Network::from_ip("::ffff:192.0.2.1".parse().unwrap()),
            Network::from_ip("192.0.2.1".parse().unwrap())
        );
    }
}
