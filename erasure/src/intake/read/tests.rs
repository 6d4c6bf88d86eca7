//! Letters as mail programs write them, as other programs send them, and as nobody should.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;

fn settings() -> Settings {
    Settings::default()
}

/// With the line ends that letters have on their way.
fn raw(text: &str) -> Vec<u8> {
    text.trim_start().replace('\n', "\r\n").into_bytes()
}

fn letter(text: &str) -> Letter {
    match read(&raw(text), &settings()) {
        Ok(Read::Letter(letter)) => letter,
        Ok(Read::Ignored(reason)) => panic!("ignored: {reason:?}"),
        Err(Unreadable) => panic!("unreadable"),
    }
}

fn reason(text: &str) -> Option<Reason> {
    match read(&raw(text), &settings()) {
        Ok(Read::Ignored(reason)) => Some(reason),
        Ok(Read::Letter(_)) | Err(Unreadable) => None,
    }
}

const GMAIL: &str = r#"
Return-Path: <ada.lovelace@gmail.com>
Received: from mail-wm1-f41.google.com (mail-wm1-f41.google.com [209.85.128.41])
	by mx.qliento.com (Postfix) with ESMTPS id 4Cxyz for <privacy@qliento.com>
MIME-Version: 1.0
From: Ada Lovelace <Ada.Lovelace@gmail.com>
Date: Tue, 24 Nov 2026 12:00:00 +0100
Message-ID: <CAF=abc123+xyz@mail.gmail.com>
Subject: =?UTF-8?Q?Suppression_de_mes_donn=C3=A9es?=
To: privacy@qliento.com
Content-Type: multipart/alternative; boundary="0000000000001234"

--0000000000001234
Content-Type: text/plain; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

Bonjour, je souhaite la suppression de mes donn=C3=A9es. Merci !

--0000000000001234
Content-Type: text/html; charset="UTF-8"

<div dir="ltr">Bonjour</div>

--0000000000001234--
"#;

const OUTLOOK: &str = r#"
From: "Lovelace, Ada" <ada@contoso.example>
To: Privacy <privacy@qliento.com>
Subject: RE: We have your letter (QD-7K3M-9XP2)
Thread-Topic: We have your letter
Date: Tue, 24 Nov 2026 11:00:00 +0000
Message-ID: <DB7PR01MB1234@DB7PR01MB1234.eurprd01.prod.exchangelabs.com>
References: <first@contoso.example>
 <0199aaaa-7bbb-7ccc-8ddd-eeeeeeeeeeee@qliento.com>
In-Reply-To: <0199aaaa-7bbb-7ccc-8ddd-eeeeeeeeeeee@qliento.com>
Accept-Language: en-GB, en-US
Content-Language: en-GB
X-Auto-Response-Suppress: DR, RN, NRN
Content-Type: text/plain; charset="utf-8"

Please go ahead.
"#;

const IPHONE: &str = r"
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64
From: ada@icloud.example
Mime-Version: 1.0 (1.0)
Date: Tue, 24 Nov 2026 12:00:00 +0100
Message-Id: <A1B2C3D4-E5F6@icloud.example>
X-Mailer: iPhone Mail (23A341)

UGxlYXNlIGRlbGV0ZSBhbGwgb2YgbXkgZGF0YSwgYW5kIHRoZSBhY2NvdW50Lg==
";

#[test]
fn letters_of_common_programs_are_read() {
    let gmail = letter(GMAIL);
    assert_eq!(gmail.from.expose(), "ada.lovelace@gmail.com");
    let id = gmail.message_id.as_deref();
    assert_eq!(id, Some("CAF=abc123+xyz@mail.gmail.com"));
    assert_eq!((gmail.answers, gmail.locale), (vec![], Locale::Fr));

    let outlook = letter(OUTLOOK);
    assert_eq!(outlook.from.expose(), "ada@contoso.example");
    let ours = "0199aaaa-7bbb-7ccc-8ddd-eeeeeeeeeeee@qliento.com";
    assert_eq!(outlook.answers, [ours, "first@contoso.example", ours]);
    assert_eq!(outlook.locale, Locale::En);

    let iphone = letter(IPHONE);
    assert_eq!(iphone.from.expose(), "ada@icloud.example");
    assert_eq!(iphone.locale, Locale::En, "its words are encoded");
}

#[test]
fn what_programs_send_is_recognized_by_each_of_its_signs() {
    let with = |header: &str| {
        reason(&format!(
            "From: Ada <ada@example.fr>\nSubject: Absence\n{header}\n\nJe suis absente.\n"
        ))
    };
    for (header, wanted) in [
        ("Auto-Submitted: auto-replied", Reason::AutomaticReply),
        (
            "Auto-Submitted: Auto-Generated; owner=\"x\"",
            Reason::AutomaticReply,
        ),
        ("X-Auto-Response-Suppress: All", Reason::AutomaticReply),
        (
            "X-Auto-Response-Suppress: DR, OOF, AutoReply",
            Reason::AutomaticReply,
        ),
        ("X-Autoreply: yes", Reason::AutomaticReply),
        ("Precedence: bulk", Reason::Bulk),
        ("precedence: LIST", Reason::Bulk),
        ("List-Id: <privacy.lists.example.org>", Reason::Bulk),
        ("List-Unsubscribe: <mailto:leave@example.org>", Reason::Bulk),
        ("Return-Path: <>", Reason::Report),
        (
            "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
            Reason::Report,
        ),
    ] {
        assert_eq!(with(header), Some(wanted), "{header}");
    }
    for header in [
        "Auto-Submitted: no",
        "X-Auto-Response-Suppress: DR",
        "Precedence: first-class",
        "Return-Path: <ada@example.fr>",
        "Content-Type: multipart/mixed; boundary=x",
    ] {
        assert_eq!(with(header), None, "{header}");
    }
}

#[test]
fn senders_that_are_programs_or_ourselves_are_recognized() {
    for (sender, wanted) in [
        ("MAILER-DAEMON@mx.example.org", Reason::Report),
        ("MAILER-DAEMON (Mail Delivery System)", Reason::Report),
        ("postmaster@example.org", Reason::Report),
        ("bounces+123=example.org@lists.example.org", Reason::Report),
        ("No-Reply <no-reply@example.org>", Reason::NobodyReads),
        ("noreply-42@example.org", Reason::NobodyReads),
        ("ne_pas_repondre@example.org", Reason::NobodyReads),
        ("Qliento <Privacy@Qliento.com>", Reason::Ours),
    ] {
        let found = reason(&format!("From: {sender}\nSubject: x\n\nx\n"));
        assert_eq!(found, Some(wanted), "{sender}");
    }
    for sender in [
        "noreen@example.fr",
        "bouncer@example.fr",
        "support@qliento.com",
    ] {
        assert_eq!(reason(&format!("From: {sender}\n\nx\n")), None, "{sender}");
    }
}

#[test]
fn a_name_or_subject_changes_nothing_but_itself() {
    let attack = letter(
        "From: =?utf-8?Q?Ada=0D=0ABcc=3A_victim=40example=2Eorg?= <ada@example.fr>\nSubject: =?utf-8?Q?x=0D=0AAuto-Submitted:_yes?=\nReply-To: victim@example.org\nSender: victim@example.org\n\nhttps://evil.example\n",
    );
    assert_eq!(attack.from.expose(), "ada@example.fr");

    let backwards = letter(
        "From: \"\u{202e}rf.elpmaxe@ada\" <ada@example.fr>\nSubject: \u{202e}\u{0645}\u{0631}\u{062d}\u{0628}\u{0627}\n\n\u{0645}\u{0631}\u{062d}\u{0628}\u{0627}\n",
    );
    assert_eq!(backwards.from.expose(), "ada@example.fr");
}

#[test]
fn whoever_cannot_be_answered_is_told_apart() {
    for text in [
        "",
        "\n\n",
        "Subject: nobody\n\nHello\n",
        "From: Ada\n\nHello\n",
        "From: <ada@localhost>\n\nHello\n",
        "From: ada@example.fr\u{0}\n\nHello\n",
        "From: undisclosed-recipients:;\n\nHello\n",
    ] {
        let read = read(&raw(text), &settings());
        assert!(matches!(read, Err(Unreadable)), "{text:?}");
    }
}

#[test]
fn broken_letters_are_read_as_far_as_they_go() {
    for text in [
        // A part that never ends, an encoding that does not exist, a boundary that is not there.
        "From: ada@example.fr\nContent-Type: multipart/mixed; boundary=\"x\"\n\n--x\nContent-Type: text/plain\n\nHello",
        "From: ada@example.fr\nContent-Type: text/plain; charset=klingon\nContent-Transfer-Encoding: base64\n\n!!!!\n",
        "From: ada@example.fr\nContent-Type: multipart/mixed\n\nHello\n",
        "From: ada@example.fr\nContent-Type: text/plain; =; ;;\nthis is no header\n\nHello\n",
        "From: , ada@example.fr, eve@example.org\n\nHello\n",
    ] {
        assert_eq!(letter(text).from.expose(), "ada@example.fr", "{text:?}");
    }
}

#[test]
fn however_large_a_letter_is_only_its_beginning_is_read() {
    let mut large =
        raw("From: ada@example.fr\nMessage-ID: <1@example.fr>\n\nPlease delete my data.\n");
    large.resize(40 * 1024 * 1024, b'x');
    assert!(matches!(read(&large, &settings()), Ok(Read::Letter(_))));

    let mut hidden = vec![b'x'; READ_BYTES];
    hidden.extend(raw("\n\nFrom: ada@example.fr\n\nx"));
    assert!(read(&hidden, &settings()).is_err());
}

#[test]
fn parts_within_parts_cost_nothing() {
    let mut nested = "From: ada@example.fr\n".to_owned();
    for depth in 0..10_000 {
        let _ = write!(
            nested,
            "Content-Type: multipart/mixed; boundary=\"b{depth}\"\n\n--b{depth}\n"
        );
    }

    assert_eq!(letter(&nested).from.expose(), "ada@example.fr");
}

#[test]
fn of_an_endless_thread_the_newest_are_looked_for() {
    let references: Vec<_> = (0..5_000)
        .map(|one| format!("<{one}@example.fr>"))
        .collect();
    let text = format!(
        "From: ada@example.fr\nReferences: {}\n\nx\n",
        references.join("\n ")
    );

    let answers = letter(&text).answers;

    assert_eq!(answers.len(), THREAD);
    assert_eq!(answers.last().unwrap(), "4999@example.fr");
}

proptest! {
    #[test]
    fn whatever_arrives_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&bytes, &settings());
    }

    #[test]
    fn whatever_stands_in_headers_and_parts_is_read_or_refused(
        name in "(From|Subject|Content-Type|References|Message-ID|Received|Return-Path|List-Id|Date|Content-Transfer-Encoding)",
        value in "(\\PC|[\\r\\n\\t \"<>@;:=?,()]){0,120}",
        body in "(\\PC|[\\r\\n=-]){0,200}",
    ) {
        let text = format!("From: ada@example.fr\r\nContent-Type: multipart/mixed; boundary=-\r\n{name}: {value}\r\n\r\n---\r\n{name}: {value}\r\n\r\n{body}");
        let _ = read(text.as_bytes(), &settings());
    }
}
