//! The JSON interface for customers' own sites.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};

use crate::harness::{Answer, TestApp};

const NOBODY: &str = "nobody@example.fr";

fn valid() -> Value {
    json!({
        "role": "account_holder",
        "identity": { "kind": "email", "value": NOBODY },
        "statement": true,
        "language": "fr",
    })
}

async fn post(app: &TestApp, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder().method(Method::POST).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.browser()
        .send(request, Body::from(body.to_owned()))
        .await
}

async fn create(app: &TestApp, body: &Value) -> Answer {
    let headers = [("content-type", "application/json")];
    post(app, "/api/v1/requests", &headers, &body.to_string()).await
}

fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn a_request_is_received_proven_and_followed() {
    let app = TestApp::start().await;

    let created = create(&app, &valid()).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    let request = read(&created);
    let capability = request["capability"].as_str().unwrap();
    assert_eq!(
        created.header("location"),
        format!("/api/v1/requests/{capability}")
    );
    assert_eq!(
        request["status_url"],
        format!("https://app.example.com/fr/status/{capability}")
    );
    let status = read(&app.browser().get(created.header("location")).await);
    assert_eq!(status["state"], "acknowledged");
    assert_eq!(status["proof"]["kind"], "email");
    assert!(!created.body.contains(NOBODY) && !status.to_string().contains(NOBODY));

    let verification = format!("/api/v1/requests/{capability}/verification");
    let json = [("content-type", "application/json")];
    let soon = post(&app, &verification, &json, "{}").await;
    assert_eq!(soon.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(soon.header("retry-after").parse::<u64>().unwrap() <= 30);
    let wrong = post(&app, &verification, &json, r#"{"code":"00000000"}"#).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = json!({ "code": app.code_mailed_to(NOBODY) }).to_string();
    let proven = post(&app, &verification, &json, &code).await;

    assert_eq!(read(&proven), json!({ "state": "proven" }));
    app.run_due_jobs().await;
    let status = read(&app.browser().get(created.header("location")).await);
    assert_eq!(status["state"], "erasing");
    let needless = post(&app, &verification, &json, "{}").await;
    assert_eq!(needless.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn every_fault_of_a_body_is_named_at_once() {
    let app = TestApp::start().await;
    let body = json!({
        "role": "boss",
        "identity": { "kind": "phone", "value": "+33 1 42 68 53 00" },
        "business": "https://evil.example",
        "contact_email": "ada@",
        "language": "de",
        "statement": false,
        "extra": 1,
    });

    let refused = create(&app, &body).await;

    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    let problem = read(&refused);
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(
        pointers,
        [
            "",
            "/role",
            "/identity/value",
            "/business",
            "/contact_email",
            "/language",
            "/statement"
        ]
    );
    assert!(
        !refused.body.contains("evil") && !refused.body.contains("42 68"),
        "nothing is repeated"
    );
    assert_eq!(app.number("SELECT count(*) FROM requests").await, 0);
}

#[tokio::test]
async fn who_asks_and_what_they_prove_go_together() {
    let app = TestApp::start().await;
    for (role, kind, value, status) in [
        (
            "end_user",
            "phone",
            "+33 6 12 34 56 78",
            StatusCode::CREATED,
        ),
        (
            "end_user",
            "email",
            NOBODY,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "account_holder",
            "phone",
            "+33 6 12 34 56 78",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "representative",
            "phone",
            "+33 6 12 34 56 78",
            StatusCode::CREATED,
        ),
        ("representative", "email", NOBODY, StatusCode::CREATED),
    ] {
        let mut body = valid();
        body["role"] = role.into();
        body["identity"] = json!({ "kind": kind, "value": value });
        assert_eq!(create(&app, &body).await.status, status, "{role} {kind}");
    }
}

#[tokio::test]
async fn what_is_no_json_object_is_told_apart() {
    let app = TestApp::start().await;
    let path = "/api/v1/requests";
    let json = [("content-type", "application/json; charset=utf-8")];
    for (headers, body, status) in [
        (&json[..], "", StatusCode::BAD_REQUEST),
        (&json[..], "[]", StatusCode::BAD_REQUEST),
        (&json[..], "{", StatusCode::BAD_REQUEST),
        (&json[..], "{}", StatusCode::UNPROCESSABLE_ENTITY),
        (
            &[("content-type", "text/plain")][..],
            "{}",
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ),
        (&[][..], "{}", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ] {
        let answer = post(&app, path, headers, body).await;
        assert_eq!(answer.status, status, "{headers:?} {body}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let huge = format!("{{\"role\":\"{}\"}}", "x".repeat(100_000));
    let length = huge.len().to_string();
    let headers = [
        ("content-type", "application/json"),
        ("content-length", length.as_str()),
    ];
    let answer = post(&app, path, &headers, &huge).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn the_same_key_answers_the_same_request_and_no_other() {
    let app = TestApp::start().await;
    let headers = [
        ("content-type", "application/json"),
        (
            "idempotency-key",
            "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"",
        ),
    ];
    let send =
        async |body: &Value| post(&app, "/api/v1/requests", &headers, &body.to_string()).await;

    let first = send(&valid()).await;
    let again = send(&valid()).await;
    let mut other = valid();
    other["identity"]["value"] = "other@example.fr".into();
    let reused = send(&other).await;

    assert_eq!(read(&first), read(&again));
    assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reused.body.contains("idempotency-key-reused"));
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "1"),
    ];
    let short = post(&app, "/api/v1/requests", &headers, &valid().to_string()).await;
    assert_eq!(short.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.number("SELECT count(*) FROM requests").await, 1);
}

#[tokio::test]
async fn any_site_may_ask_from_its_visitors_browsers_and_no_cookie_goes_along() {
    let app = TestApp::start().await;
    let preflight = Request::builder()
        .method(Method::OPTIONS)
        .uri("/api/v1/requests")
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "content-type,idempotency-key",
        );

    let allowed = app.browser().send(preflight, Body::empty()).await;
    let headers = [
        ("content-type", "application/json"),
        ("origin", "https://shop.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let created = post(&app, "/api/v1/requests", &headers, &valid().to_string()).await;

    assert!(allowed.status.is_success());
    assert_eq!(allowed.header("access-control-allow-origin"), "*");
    assert_eq!(allowed.header("access-control-allow-credentials"), "");
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.body);
    assert_eq!(created.header("access-control-allow-origin"), "*");
    assert_eq!(created.header("set-cookie"), "");
    let form = [
        ("content-type", "text/plain"),
        ("sec-fetch-site", "cross-site"),
    ];
    let smuggled = post(&app, "/api/v1/requests", &form, &valid().to_string()).await;
    assert_eq!(
        smuggled.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "what a form could send is not taken"
    );
}

#[tokio::test]
async fn unknown_and_malformed_links_get_one_answer() {
    let app = TestApp::start().await;
    let unknown = "A".repeat(43);
    let mut answers = Vec::new();
    for capability in ["x", "..%2F..%2Fetc", &unknown, "%00", "%ff"] {
        let path = format!("/api/v1/requests/{capability}");
        answers.push(app.browser().get(&path).await.body);
        let json = [("content-type", "application/json")];
        let verification = format!("{path}/verification");
        answers.push(
            post(&app, &verification, &json, r#"{"code":"12345678"}"#)
                .await
                .body,
        );
    }

    answers.dedup();

    assert_eq!(answers.len(), 1, "{answers:?}");
}

#[tokio::test]
async fn the_description_is_the_one_in_the_documentation() {
    let app = TestApp::start().await;

    let served = read(&app.browser().get("/api/openapi.json").await);

    assert_eq!(served["openapi"], "3.1.0");
    let text = format!("{}\n", serde_json::to_string_pretty(&served).unwrap());
    if std::fs::read_to_string(DOCUMENT).unwrap_or_default() != text {
        let target = env!("CARGO_TARGET_TMPDIR");
        std::fs::write(format!("{target}/openapi.json"), &text).unwrap();
        panic!("docs/openapi.json is not what is served: copy {target}/openapi.json over it");
    }
}

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/openapi.json");

#[tokio::test]
async fn everything_that_is_described_is_there() {
    let app = TestApp::start().await;
    let described = read(&app.browser().get("/api/openapi.json").await);

    for (path, operations) in described["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            let request = Request::builder()
                .method(method.to_uppercase().as_str())
                .uri(path.replace("{capability}", &"A".repeat(43)))
                .header(header::CONTENT_TYPE, "application/json");
            let answer = app.browser().send(request, Body::from("{}")).await;
            let status = answer.status.as_u16().to_string();
            let known = &operations[method]["responses"];
            assert!(
                known.get(&status).is_some(),
                "{method} {path}: {status} is not described"
            );
        }
    }
}
