//! What may be kept of security events: how many there were, wherever that says nothing about anybody.
//!
//! Events of one organization and day are looked at together. Those of one kind, network and hour are kept as a number if at
//! least five people are among them; what is rarer is looked at by the day, then by a wider network, then by no network at all,
//! and what is rare even then is not kept. Every contribution has to stand by itself: joining a number that is there already
//! would tell whoever compares before and after. Numbers are rounded down, so that nobody can subtract what they know.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use crate::time::Timestamp;

/// Fewer people than this could be told apart.
pub(crate) const PEOPLE: usize = 5;
const DAY_MS: i64 = 24 * 3_600 * 1_000;

/// What one person did from one address in one hour.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) kind: String,
    pub(crate) address: String,
    /// Anything that tells one person from another; it goes no further than this.
    pub(crate) person: String,
    pub(crate) hour: Timestamp,
    pub(crate) events: i64,
}

/// What is kept: no more than what at least five people share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Combination {
    pub(crate) kind: String,
    pub(crate) network: String,
    pub(crate) since: Timestamp,
    pub(crate) hours: i64,
}

/// How finely an event is described, the finest first.
const LADDER: [fn(&Seen) -> Combination; 4] = [
    |seen| seen.described(network(&seen.address, Width::Narrow), 1),
    |seen| seen.described(network(&seen.address, Width::Narrow), 24),
    |seen| seen.described(network(&seen.address, Width::Wide), 24),
    |seen| seen.described(String::new(), 24),
];

impl Seen {
    fn described(&self, network: String, hours: i64) -> Combination {
        let hour = self.hour.as_millis();
        Combination {
            kind: self.kind.clone(),
            network,
            since: Timestamp::from_millis(if hours == 1 {
                hour
            } else {
                hour - hour.rem_euclid(DAY_MS)
            }),
            hours,
        }
    }
}

/// What may be kept of these events.
pub(crate) fn keep(seen: Vec<Seen>) -> BTreeMap<Combination, i64> {
    let mut kept = BTreeMap::new();
    let mut rest = seen;
    for describe in LADDER {
        let mut groups: BTreeMap<Combination, Vec<Seen>> = BTreeMap::new();
        for one in rest {
            groups.entry(describe(&one)).or_default().push(one);
        }
        rest = Vec::new();
        for (combination, group) in groups {
            let people: BTreeSet<&str> = group.iter().map(|one| one.person.as_str()).collect();
            if people.len() < PEOPLE {
                rest.extend(group);
                continue;
            }
            let events: i64 = group.iter().map(|one| one.events).sum();
            kept.insert(combination, rounded_down(events));
        }
    }
    kept
}

const fn rounded_down(events: i64) -> i64 {
    events - events % 5
}

/// How much of an address a network keeps.
#[derive(Clone, Copy)]
enum Width {
    /// An IPv4 /16, an IPv6 /32: tens of thousands of customers.
    Narrow,
    /// An IPv4 /8, an IPv6 /16: several countries.
    Wide,
}

/// The network of an address; none for what is no address.
fn network(address: &str, width: Width) -> String {
    match (address.parse::<IpAddr>().map(|ip| ip.to_canonical()), width) {
        (Ok(IpAddr::V4(v4)), Width::Narrow) => {
            let [a, b, _, _] = v4.octets();
            format!("{a}.{b}.0.0/16")
        }
        (Ok(IpAddr::V4(v4)), Width::Wide) => {
            let [a, ..] = v4.octets();
            format!("{a}.0.0.0/8")
        }
        (Ok(IpAddr::V6(v6)), Width::Narrow) => {
            let [a, b, ..] = v6.segments();
            format!("{a:x}:{b:x}::/32")
        }
        (Ok(IpAddr::V6(v6)), Width::Wide) => {
            let [a, ..] = v6.segments();
            format!("{a:x}::/16")
        }
        (Err(_), _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn seen(address: &str, person: i64, hour: i64, events: i64) -> Seen {
        Seen {
            kind: "sign_in".to_owned(),
            address: address.to_owned(),
            person: person.to_string(),
            hour: Timestamp::from_millis(hour * HOUR_MS),
            events,
        }
    }

    fn said(kept: &BTreeMap<Combination, i64>) -> Vec<(String, i64, i64)> {
        kept.iter()
            .map(|(what, events)| (what.network.clone(), what.hours, *events))
            .collect()
    }

    #[test]
    fn an_address_keeps_only_what_thousands_share() {
        for (address, narrow, wide) in [
            ("203.0.113.77", "203.0.0.0/16", "203.0.0.0/8"),
            ("::ffff:203.0.113.77", "203.0.0.0/16", "203.0.0.0/8"),
            ("2001:db8:1:2::3", "2001:db8::/32", "2001::/16"),
            ("not an address", "", ""),
        ] {
            assert_eq!(network(address, Width::Narrow), narrow);
            assert_eq!(network(address, Width::Wide), wide);
        }
    }

    #[test]
    fn five_people_in_an_hour_are_kept_by_the_hour_and_four_are_not() {
        let five: Vec<_> = (0..5)
            .map(|person| seen("203.0.113.7", person, 3, 2))
            .collect();
        let four: Vec<_> = five.iter().take(4).cloned().collect();

        assert_eq!(said(&keep(five)), [("203.0.0.0/16".to_owned(), 1, 10)]);
        assert_eq!(said(&keep(four)), []);
    }

    #[test]
    fn one_person_is_one_however_often_and_from_wherever() {
        let busy: Vec<_> = (0..24)
            .map(|hour| seen(&format!("203.0.113.{hour}"), 1, hour, 100))
            .collect();

        assert_eq!(said(&keep(busy)), []);
    }

    #[test]
    fn what_is_rare_is_described_more_widely_before_it_is_dropped() {
        let over_the_day: Vec<_> = (0..5).map(|n| seen("203.0.113.7", n, n, 1)).collect();
        let over_a_wider_network: Vec<_> = (0..5)
            .map(|n| seen(&format!("203.{n}.113.7"), n, n, 1))
            .collect();
        let from_anywhere: Vec<_> = (0..5)
            .map(|n| seen(&format!("{}.0.113.7", 100 + n), n, n, 1))
            .collect();

        assert_eq!(
            said(&keep(over_the_day)),
            [("203.0.0.0/16".to_owned(), 24, 5)]
        );
        assert_eq!(
            said(&keep(over_a_wider_network)),
            [("203.0.0.0/8".to_owned(), 24, 5)]
        );
        assert_eq!(said(&keep(from_anywhere)), [(String::new(), 24, 5)]);
    }

    fn a_day() -> impl Strategy<Value = Vec<Seen>> {
        let one = (0_u8..4, 0_u8..3, 0_i64..9, 0_i64..24, 1_i64..40);
        prop::collection::vec(one, 0..120).prop_map(|day| {
            day.into_iter()
                .map(|(a, b, person, hour, events)| {
                    seen(&format!("{a}.{b}.0.1"), person, hour, events)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn whatever_happened_nothing_kept_is_about_fewer_than_five_people(day in a_day()) {
            let kept = keep(day.clone());
            let mut left = day;
            for describe in LADDER {
                let (here, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|one| kept.contains_key(&describe(one)));
                let mut groups: BTreeMap<Combination, (BTreeSet<String>, i64)> = BTreeMap::new();
                for one in here {
                    let group = groups.entry(describe(&one)).or_default();
                    group.0.insert(one.person.clone());
                    group.1 += one.events;
                }
                for (combination, (people, events)) in groups {
                    prop_assert!(people.len() >= PEOPLE);
                    prop_assert!(kept[&combination] <= events && kept[&combination] % 5 == 0 && kept[&combination] >= 5);
                }
                left = rest;
            }
            let rarest: BTreeMap<Combination, BTreeSet<String>> = left.into_iter().fold(BTreeMap::new(), |mut all, one| {
                all.entry(LADDER[3](&one)).or_default().insert(one.person);
                all
            });
            prop_assert!(rarest.values().all(|people| people.len() < PEOPLE), "more could have been kept");
        }
    }
}
