//! What Meta sends, through the whole router: signatures, sizes, refusals, and what is counted.

use axum::http::{Method, Request, StatusCode, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use erasure::{
    db::Value as Argument,
    graph::simulated::{APP_SECRET, Inbound, Person, signature},
    vault::AppSecret,
    webhook::BODY_LIMIT_BYTES,
};
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp};

const WEBHOOK: &str = "/api/meta/webhook";
const DELETION: &str = "/api/meta/data-deletion";
const DEAUTHORIZE: &str = "/api/meta/deauthorize";

fn secret() -> AppSecret {
    AppSecret::new(APP_SECRET.into())
}

impl TestApp {
    /// Posts as Meta's servers do: no origin, no cookie.
    async fn post_as_meta(&self, path: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Answer {
        let request = headers.iter().fold(
            Request::builder().method(Method::POST).uri(path),
            |request, (name, value)| request.header(*name, *value),
        );
        self.browser().send(request, body.into()).await
    }

    async fn told(&self, body: &[u8]) -> Answer {
        let signature = signature(APP_SECRET, body);
        self.post_as_meta(
            WEBHOOK,
            &[("x-hub-signature-256", &signature)],
            body.to_vec(),
        )
        .await
    }

    async fn forwarded(&self, path: &str, signed_request: &str) -> Answer {
        let body = format!("signed_request={signed_request}");
        let form = ("content-type", "application/x-www-form-urlencoded");
        self.post_as_meta(path, &[form], body.into_bytes()).await
    }

    /// The counter of this name and label.
    async fn counted(&self, line: &str) -> u64 {
        let metrics = self.metrics().await;
        let counter = metrics.lines().find_map(|one| one.strip_prefix(line));
        counter
            .unwrap_or_else(|| panic!("{line}: {metrics}"))
            .trim()
            .parse()
            .unwrap()
    }

    async fn message(&self, text: &str) -> Vec<u8> {
        let (phone_number_id, waba_id): (String, String) = self
            .services
            .db
            .fetch_one(
                "SELECT phone_number_id, waba_id FROM whatsapp_profiles ORDER BY id LIMIT 1",
                vec![],
            )
            .await
            .unwrap();
        let inbound = Inbound {
            waba_id,
            phone_number_id,
            display_phone_number: "15550783881".to_owned(),
            from: Person {
                wa_id: Some("16505551234".to_owned()),
                user_id: Some("US.13491208655302741918".to_owned()),
                name: "Zoé".to_owned(),
            },
            text: text.to_owned(),
            message_id: None,
        };
        self.meta.write(&inbound).unwrap().body
    }

    fn signed(&self, user: &str) -> String {
        let issued_at = self.services.now().as_millis() / 1_000;
        let payload =
            json!({ "user_id": user, "algorithm": "HMAC-SHA256", "issued_at": issued_at });
        let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
        let signature = URL_SAFE_NO_PAD.encode(secret().sign(payload.as_bytes()));
        format!("{signature}.{payload}")
    }
}

#[tokio::test]
async fn metas_question_is_answered_with_its_challenge_alone() {
    let app = TestApp::start().await;
    let ask = |token: &str| {
        format!("{WEBHOOK}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}")
    };

    let ours = app.browser().get(&ask("sesame")).await;
    let foreign = app.browser().get(&ask("guess")).await;
    let bare = app.browser().get(WEBHOOK).await;

    assert_eq!(
        (ours.status, ours.body.as_str()),
        (StatusCode::OK, "1158201444")
    );
    assert!(ours.header("content-type").starts_with("text/plain"));
    for answer in [foreign, bare] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
}

#[tokio::test]
async fn what_meta_signed_is_taken_without_an_origin_and_stored_in_its_own_words() {
    let app = TestApp::start().await;
    let body = app.message("Bonjour à tous / 👋").await;
    assert!(body.is_ascii(), "Meta escapes what is not");

    let answer = app.told(&body).await;
    let again = app.told(&body).await;

    assert_eq!(
        (answer.status, again.status),
        (StatusCode::OK, StatusCode::OK)
    );
    assert_eq!(answer.body, "");
    assert_eq!(
        app.number("SELECT count(*) FROM messages WHERE body = 'Bonjour à tous / 👋'")
            .await,
        1
    );
    assert_eq!(
        app.number("SELECT count(*) FROM contacts WHERE name = 'Zoé'")
            .await,
        1
    );
    assert_eq!(
        app.counted("qliento_webhook_events_total{outcome=\"stored\"}")
            .await,
        1
    );
    assert_eq!(
        app.counted("qliento_webhook_events_total{outcome=\"repeated\"}")
            .await,
        1
    );
    assert_eq!(
        app.counted("qliento_webhook_requests_total{outcome=\"taken\"}")
            .await,
        2
    );
}

#[tokio::test]
async fn what_meta_did_not_sign_is_refused_and_counted() {
    let app = TestApp::start().await;
    let body = app.message("forged").await;
    let good = signature(APP_SECRET, &body);
    let foreign = signature("guess", &body);
    let origin = [
        ("origin", "https://app.example.com"),
        ("sec-fetch-site", "same-origin"),
    ];

    let mut refused = 0;
    for (signature, body) in [
        (None, body.clone()),
        (Some(foreign.as_str()), body.clone()),
        (Some("sha256="), body.clone()),
        (Some(good.trim_start_matches("sha256=")), body.clone()),
        (Some(good.as_str()), body[..body.len() - 1].to_vec()),
        (Some(good.as_str()), [&body[..], b" "].concat()),
        (Some(good.as_str()), Vec::new()),
    ] {
        // Looking like our own page does not help.
        let headers = origin
            .into_iter()
            .chain(signature.map(|signature| ("x-hub-signature-256", signature)));
        let answer = app
            .post_as_meta(WEBHOOK, &headers.collect::<Vec<_>>(), body)
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{signature:?}");
        assert!(answer.body.contains("bad-signature"), "{}", answer.body);
        refused += 1;
    }

    assert_eq!(
        app.number("SELECT count(*) FROM messages WHERE body = 'forged'")
            .await,
        0
    );
    assert_eq!(
        app.counted("qliento_webhook_requests_total{outcome=\"bad_signature\"}")
            .await,
        refused
    );
}

#[tokio::test]
async fn three_megabytes_are_taken_and_more_is_not() {
    let app = TestApp::start().await;
    let padded = |size: usize| {
        let mut body = br#"{"object":"whatsapp_business_account","entry":[],"x":""#.to_vec();
        body.resize(size - 2, b'x');
        body.extend(b"\"}");
        body
    };

    let largest = app.told(&padded(BODY_LIMIT_BYTES)).await;
    let larger = app.told(&padded(BODY_LIMIT_BYTES + 1)).await;

    assert_eq!(largest.status, StatusCode::OK);
    assert_eq!(larger.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(larger.body.contains("too-large"), "{}", larger.body);
    assert_eq!(
        app.counted("qliento_webhook_requests_total{outcome=\"unreadable\"}")
            .await,
        1
    );
}

#[tokio::test]
async fn signed_nonsense_is_answered_with_200_so_that_meta_does_not_repeat_it() {
    let app = TestApp::start().await;

    for body in ["", "nonsense", "[]", "{\"object\":\"page\",\"entry\":[]}"] {
        let answer = app.told(body.as_bytes()).await;
        assert_eq!(answer.status, StatusCode::OK, "{body}");
    }

    assert_eq!(
        app.counted("qliento_webhook_events_total{outcome=\"malformed\"}")
            .await,
        3
    );
    assert_eq!(
        app.counted("qliento_webhook_events_total{outcome=\"unknown_field\"}")
            .await,
        1
    );
}

#[tokio::test]
async fn a_forwarded_deletion_is_answered_with_a_link_that_opens_in_the_persons_language() {
    let app = TestApp::start().await;
    app.write(
        "UPDATE users SET app_scoped_user_id = '218471' WHERE email = 'owner@org-1.example'",
        vec![],
    )
    .await;
    let signed = app.signed("218471");

    let answer = app.forwarded(DELETION, &signed).await;
    let again = app.forwarded(DELETION, &signed).await;

    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.body, again.body);
    assert!(
        answer
            .header("content-type")
            .starts_with("application/json")
    );
    let confirmation: Value = serde_json::from_str(&answer.body).unwrap();
    let (url, code) = (
        confirmation["url"].as_str().unwrap(),
        confirmation["confirmation_code"].as_str().unwrap(),
    );
    assert!(code.len() == 26 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let path = url.strip_prefix("https://app.example.com").unwrap();
    assert_eq!(path, format!("/meta-deletion/{code}"));
    let mut browser = app.browser();
    assert_eq!(browser.get(path).await.location(), format!("/fr{path}"));
    for (language, sentence, way) in [
        (
            "fr",
            "Le compte lui-même existe encore",
            "indiquez-nous ce numéro",
        ),
        (
            "en",
            "The account itself still exists",
            "tell us that number",
        ),
    ] {
        let page = browser.get(&format!("/{language}{path}")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(
            page.body.contains(sentence) && page.body.contains(code),
            "{}",
            page.body
        );
        assert!(
            page.body.contains(way) && page.body.contains("mailto:"),
            "WhatsApp contacts are shown their way"
        );
        assert!(!page.body.contains("<script") && !page.body.contains("org-1"));
        assert_eq!(
            (page.header("cache-control"), page.header("x-robots-tag")),
            ("no-store", "noindex")
        );
    }
    let lower = browser
        .get(&format!("/fr/meta-deletion/{}", code.to_lowercase()))
        .await;
    assert_eq!(lower.status, StatusCode::OK);
}

#[tokio::test]
async fn a_stranger_gets_an_answer_of_the_same_shape_and_a_page_that_says_so() {
    let app = TestApp::start().await;

    let answer = app.forwarded(DELETION, &app.signed("999")).await;

    let confirmation: Value = serde_json::from_str(&answer.body).unwrap();
    let code = confirmation["confirmation_code"].as_str().unwrap();
    let page = app
        .browser()
        .get(&format!("/en/meta-deletion/{code}"))
        .await;
    assert!(
        page.body
            .contains("Nothing here comes from that Facebook account"),
        "{}",
        page.body
    );
    for wrong in ["x", &"A".repeat(26), &code[1..], "%00", "..%2f"] {
        let page = app
            .browser()
            .get(&format!("/en/meta-deletion/{wrong}"))
            .await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn forged_requests_about_people_are_refused_and_do_nothing() {
    let app = TestApp::start().await;
    app.write(
        "UPDATE users SET app_scoped_user_id = '218471' WHERE email = 'owner@org-1.example'",
        vec![],
    )
    .await;
    let good = app.signed("218471");
    let (signature, payload) = good.split_once('.').unwrap();
    let nobody = app.signed("0");

    for path in [DELETION, DEAUTHORIZE] {
        for (signed, status) in [
            (payload.to_owned(), StatusCode::FORBIDDEN),
            (format!("{signature}.{payload}x"), StatusCode::FORBIDDEN),
            (format!("x{signature}.{payload}"), StatusCode::FORBIDDEN),
            (String::new(), StatusCode::FORBIDDEN),
            (nobody.clone(), StatusCode::BAD_REQUEST),
        ] {
            let answer = app.forwarded(path, &signed).await;
            assert_eq!(answer.status, status, "{path} {signed}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
        let form = ("content-type", "application/x-www-form-urlencoded");
        for (headers, body, status) in [
            (vec![form], b"other=1".to_vec(), StatusCode::BAD_REQUEST),
            (
                vec![],
                format!("signed_request={good}").into_bytes(),
                StatusCode::BAD_REQUEST,
            ),
            (
                vec![form],
                vec![b'x'; 70_000],
                StatusCode::PAYLOAD_TOO_LARGE,
            ),
        ] {
            let answer = app.post_as_meta(path, &headers, body).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.body);
        }
        let method = app.browser().get(path).await;
        assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED);
    }

    let untouched = "SELECT count(*) FROM users WHERE app_scoped_user_id = $1";
    assert_eq!(
        app.services
            .db
            .number(untouched, vec![Argument::from("218471")])
            .await
            .unwrap(),
        1
    );
    assert_eq!(app.number("SELECT count(*) FROM meta_deletions").await, 0);
    assert_eq!(
        app.counted(
            "qliento_meta_callbacks_total{callback=\"data_deletion\",outcome=\"bad_signature\"}"
        )
        .await,
        4
    );
    assert_eq!(
        app.counted(
            "qliento_meta_callbacks_total{callback=\"deauthorize\",outcome=\"unreadable\"}"
        )
        .await,
        4
    );
}

#[tokio::test]
async fn taking_our_app_away_is_heard() {
    let app = TestApp::start().await;
    app.write(
        "UPDATE users SET app_scoped_user_id = '218471' WHERE email = 'owner@org-1.example'",
        vec![],
    )
    .await;

    let answer = app.forwarded(DEAUTHORIZE, &app.signed("218471")).await;

    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
    let connected = "SELECT count(*) FROM whatsapp_profiles AS p JOIN organizations AS o ON o.id = p.organization_id
        WHERE o.slug = 'org-1' AND p.token_sealed IS NOT NULL";
    assert_eq!(app.number(connected).await, 0);
}

#[tokio::test]
async fn without_the_apps_secret_nothing_is_believed_and_meta_may_come_again() {
    let app = TestApp::without_meta().await;
    let body = app.message("x").await;

    let told = app.told(&body).await;
    let forwarded = app.forwarded(DELETION, &app.signed("218471")).await;

    for answer in [told, forwarded] {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(
            answer.header(header::CONTENT_TYPE.as_str()),
            "application/problem+json"
        );
    }
    assert_eq!(
        app.browser()
            .get(&format!(
                "{WEBHOOK}?hub.mode=subscribe&hub.challenge=1&hub.verify_token="
            ))
            .await
            .status,
        StatusCode::FORBIDDEN
    );
}
