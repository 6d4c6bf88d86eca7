//! Proxies that may say where a request comes from.

use std::{net::IpAddr, str::FromStr};

/// Addresses of our own proxies. Nobody else's `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<IpAddr>);

impl FromStr for Proxies {
    type Err = std::net::AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let addresses = text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty());
        Ok(Self(addresses.map(str::parse).collect::<Result<_, _>>()?))
    }
}

impl Proxies {
    /// The client's address: the last one in the chain that is not a proxy of ours.
    #[must_use]
    pub fn client(&self, peer: IpAddr, forwarded_for: Option<&str>) -> IpAddr {
        let mut client = peer.to_canonical();
        let mut chain = forwarded_for.unwrap_or_default().rsplit(',');
        while self.0.contains(&client) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_proxies_are_believed() {
        let proxies: Proxies = "10.0.0.1, 10.0.0.2".parse().unwrap();
        let [proxy, stranger, client] =
            ["10.0.0.1", "198.51.100.7", "192.0.2.1"].map(|text| text.parse::<IpAddr>().unwrap());

        assert_eq!(proxies.client(proxy, Some("192.0.2.1")), client);
        assert_eq!(
            proxies.client(proxy, Some("6.6.6.6, 192.0.2.1, 10.0.0.2")),
            client
        );
        assert_eq!(proxies.client(stranger, Some("192.0.2.1")), stranger);
        assert_eq!(proxies.client(proxy, None), proxy);
        assert_eq!(proxies.client(proxy, Some("nonsense")), proxy);
    }
}
