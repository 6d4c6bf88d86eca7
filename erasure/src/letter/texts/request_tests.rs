//! Every letter about a request, in every language, word by word.

use super::write;
use crate::{
    letter::{Facts, layout},
    locale::Locale,
    manifest::Category,
    request::{
        ExtensionReason, Ground, Role,
        letters::{Completed, ControllerFacts, Extended, Mailed, Received, Refused, RequestFacts},
    },
    services::Settings,
    time::Timestamp,
};

/// 2026-11-24T12:00:00Z.
const RECEIVED: Timestamp = Timestamp::from_millis(1_795_521_600_000);
/// A month later.
const DUE: Timestamp = Timestamp::from_millis(1_798_113_600_000);
/// Two more.
const LATER: Timestamp = Timestamp::from_millis(1_803_297_600_000);

fn received(role: Role, of_account: bool, prove_until: Option<Timestamp>) -> Received {
    Received {
        reference: reference(),
        role: Some(role),
        of_account,
        received_at: RECEIVED,
        due_at: DUE,
        prove_until,
        link: link(),
    }
}

fn reference() -> String {
    "QD-7K3M-9XP2".to_owned()
}

fn link() -> String {
    "https://app.qliento.com/x/status/secret".to_owned()
}

fn erased(messages: i64) -> Vec<(Category, i64)> {
    let some = [Category::Messages, Category::Contacts];
    let count = |category| {
        if some.contains(&category) {
            messages
        } else {
            0
        }
    };
    Category::ALL
        .map(|category| (category, count(category)))
        .to_vec()
}

fn business() -> ControllerFacts {
    ControllerFacts {
        reference: reference(),
        organization: "Atelier <Rivage>".to_owned(),
        identity: "+33612345678".to_owned(),
        received_at: RECEIVED,
        due_at: DUE,
    }
}

fn refused(business: Option<&str>) -> Refused {
    Refused {
        reference: reference(),
        link: link(),
        ground: Ground::LegalClaims,
        statute: Some("Code civil, art. 2224".to_owned()),
        explanation: "A dispute about order 4711 is before the court of Nantes.".to_owned(),
        keep_until: business.map(|_| LATER),
        business: business.map(str::to_owned),
        is_partial: business.is_some(),
        erased: erased(if business.is_some() { 1_234 } else { 0 }),
    }
}

fn completed(messages: i64) -> Completed {
    Completed {
        reference: reference(),
        link: link(),
        received_at: RECEIVED,
        completed_at: RECEIVED,
        erased: erased(messages),
        is_partial: false,
    }
}

#[expect(
    clippy::too_many_lines,
    reason = "every letter, with all that it can say"
)]
fn every_letter() -> Vec<(&'static str, RequestFacts)> {
    let unproven = Some(RECEIVED);
    vec![
        (
            "received_number",
            RequestFacts::Received(received(Role::EndUser, false, unproven)),
        ),
        (
            "received_account",
            RequestFacts::Received(received(Role::AccountHolder, true, None)),
        ),
        (
            "received_for_another",
            RequestFacts::Received(received(Role::Representative, false, unproven)),
        ),
        (
            "joined",
            RequestFacts::Joined(received(Role::EndUser, false, None)),
        ),
        (
            "code",
            RequestFacts::Code {
                reference: reference(),
                code: "12345678".to_owned(),
                expires_at: RECEIVED,
            },
        ),
        (
            "mailed",
            RequestFacts::Mailed(Mailed {
                reference: reference(),
                received_at: RECEIVED,
                due_at: DUE,
                until: DUE,
                link: link(),
            }),
        ),
        (
            "expired",
            RequestFacts::Expired {
                reference: reference(),
                received_at: RECEIVED,
            },
        ),
        (
            "extended",
            RequestFacts::Extended(Extended {
                reference: reference(),
                link: link(),
                due_at: DUE,
                extended_to: LATER,
                reasons: vec![
                    ExtensionReason::SeveralOrganizations,
                    ExtensionReason::LegalHold,
                ],
                explanation: "Three businesses hold conversations; one is in court.".to_owned(),
                erased: erased(1_234),
            }),
        ),
        ("refused", RequestFacts::Refused(refused(None))),
        (
            "refused_in_part",
            RequestFacts::Refused(refused(Some("Atelier <Rivage>"))),
        ),
        ("completed_found", RequestFacts::Completed(completed(1_234))),
        ("completed_nothing", RequestFacts::Completed(completed(0))),
        (
            "link",
            RequestFacts::Link {
                reference: reference(),
                link: link(),
            },
        ),
        ("controller", RequestFacts::Controller(business())),
        (
            "objection",
            RequestFacts::Objection {
                facts: business(),
                until: DUE,
                path: "objection/secret".to_owned(),
            },
        ),
    ]
}

fn page(locale: Locale, facts: &RequestFacts) -> String {
    let letter = write(locale, &Facts::Request(facts.clone()), &Settings::default());
    format!("Subject: {}\n\n{}", letter.subject, layout::text(&letter))
}

#[test]
fn every_letter_about_a_request_reads_well_in_every_language() {
    for (name, facts) in every_letter() {
        for locale in Locale::ALL {
            let name = format!("request_{name}_{}", locale.as_str());
            insta::assert_snapshot!(name, page(locale, &facts));
        }
    }
}

#[test]
fn finding_nothing_is_told_in_the_words_of_finding_something() {
    let words = |facts: &RequestFacts, locale| {
        let without_numbers: String = page(locale, facts)
            .chars()
            .filter(|one| !one.is_numeric() && *one != '\u{202f}' && *one != ',')
            .collect();
        without_numbers
    };

    for locale in Locale::ALL {
        assert_eq!(
            words(&RequestFacts::Completed(completed(1_234)), locale),
            words(&RequestFacts::Completed(completed(0)), locale)
        );
    }
}

/// The lists of what each letter has to say, by the laws that ask for it.
#[test]
#[expect(clippy::too_many_lines, reason = "the law's list, letter by letter")]
fn every_letter_says_what_the_law_wants_it_to_say() {
    let all = every_letter();
    let of = |name: &str| {
        let (_, facts) = all.iter().find(|(one, _)| *one == name).unwrap();
        page(Locale::En, facts)
    };
    let authority = "data protection authority";
    for (name, musts) in [
        (
            "received_number",
            vec![
                "QD-7K3M-9XP2",
                "24 November 2026 at 13:00",
                "24 December 2026",
                "free of charge",
                "responsible",
                "kept",
                "30 days",
                "take it back",
                "/status/",
                authority,
            ],
        ),
        (
            "received_account",
            vec!["ten years", "L123-22", "90 days", "Qliento is responsible"],
        ),
        (
            "extended",
            vec![
                "22 February 2027",
                "12(3)",
                "several businesses",
                "Three businesses hold",
                "erased already",
                authority,
            ],
        ),
        (
            "refused",
            vec![
                "17(3)(e)",
                "Code civil, art. 2224",
                "court of Nantes",
                "go to court",
                "look at the decision again",
                authority,
            ],
        ),
        (
            "refused_in_part",
            vec!["Atelier", "22 February 2027", "erased already", "Messages"],
        ),
        (
            "completed_found",
            vec![
                "1,234",
                "art. 19",
                "24 December 2026 at the latest",
                "receipt",
                authority,
            ],
        ),
        (
            "expired",
            vec!["12(6)", "new request", "Nothing was deleted", authority],
        ),
        (
            "controller",
            vec!["+33612345678", "art. 19", "your own copies"],
        ),
        (
            "objection",
            vec!["17(3)", "24 December 2026 at 13:00", "/en/objection/secret"],
        ),
    ] {
        let page = of(name);
        for must in musts {
            assert!(page.contains(must), "{name} does not say {must:?}:\n{page}");
        }
    }
}
