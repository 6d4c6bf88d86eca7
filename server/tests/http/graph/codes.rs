//! A one-time code by WhatsApp: sent, not sent, or nobody knows.

use erasure::graph::{
    CodeMessage, Evidence, Graph as _, Number, Recipient, SendError, simulated::Outage,
};
use secrecy::SecretString;

use super::{Line, number};

fn message<'a>(from: &'a Number, to: &'a Recipient, code: &'a SecretString) -> CodeMessage<'a> {
    CodeMessage {
        from,
        to,
        template: "qliento_deletion_code",
        language: "fr",
        code,
        reference: "otp-7",
    }
}

#[tokio::test]
async fn a_code_reaches_the_person_and_metas_way_of_writing_the_number_comes_back() {
    let line = Line::open().await;
    let (from, to, code) = (number(), "+33612345678".parse().unwrap(), "49381726".into());

    let accepted = line
        .client
        .send_code(&message(&from, &to, &code))
        .await
        .unwrap();

    let sent = &line.meta.sent_codes()[0];
    assert_eq!(
        (sent.to.as_str(), sent.code.as_str()),
        ("33612345678", "49381726")
    );
    assert_eq!(
        (sent.template.as_str(), sent.language.as_str()),
        ("qliento_deletion_code", "fr")
    );
    assert_eq!(sent.reference, "otp-7");
    assert!(accepted.wa_id.is_some());
}

#[tokio::test]
async fn it_is_said_whether_a_code_was_not_sent_or_nobody_knows() {
    let (from, to, code) = (
        number(),
        "+33612345678".parse().unwrap(),
        SecretString::from("49381726"),
    );
    let send = async |outage| {
        let line = Line::open().await;
        line.meta.set_outage(outage);
        let error = line
            .client
            .send_code(&message(&from, &to, &code))
            .await
            .unwrap_err();
        (error, line.meta.calls().len(), line.meta.sent_codes().len())
    };

    for code in [131_021, 131_026, 131_030, 131_062] {
        let (error, ..) = send(Outage::error(400, code, None)).await;
        assert!(
            matches!(error, SendError::Undeliverable(_)),
            "{code}: {error:?}"
        );
    }
    for (status, code) in [(400, 4), (429, 130_429), (400, 131_056), (400, 80_007)] {
        let (error, ..) = send(Outage::error(status, code, None)).await;
        assert!(
            matches!(error, SendError::Later { .. }),
            "{code}: {error:?}"
        );
    }
    for code in [190, 10, 131_042, 131_045, 131_048, 132_001, 132_015, 368] {
        let (error, ..) = send(Outage::error(400, code, None)).await;
        assert!(
            matches!(error, SendError::NeedsPerson(_)),
            "{code}: {error:?}"
        );
    }
    for outage in [
        Outage::Down,
        Outage::Silent,
        Outage::Html,
        Outage::error(500, 131_000, None),
    ] {
        let (error, calls, _) = send(outage).await;
        assert!(
            matches!(error, SendError::Uncertain(_)),
            "{outage:?}: {error:?}"
        );
        assert_eq!(calls, 1, "a send is never repeated");
    }
    let (error, _, arrived) = send(Outage::AnswersLost).await;
    assert_eq!(
        (error, arrived),
        (SendError::Uncertain(Evidence::default()), 1)
    );
}

#[tokio::test]
async fn a_number_that_is_not_on_whatsapp_is_told_apart() {
    let line = Line::open().await;
    line.meta.set_unreachable("33612345678");
    let (from, to, code) = (number(), "+33612345678".parse().unwrap(), "49381726".into());

    let error = line
        .client
        .send_code(&message(&from, &to, &code))
        .await
        .unwrap_err();

    assert!(matches!(error, SendError::Undeliverable(_)), "{error:?}");
}
