//! The simulated Meta itself: told by tests what to do, and playing somebody on WhatsApp.

use erasure::graph::{
    Call, Graph as _,
    simulated::{APP_SECRET, signature},
};

use super::{Line, waba};

#[tokio::test]
async fn the_double_is_scripted_over_http_and_tells_what_it_saw() {
    let line = Line::open().await;
    let client = reqwest::Client::builder().build().unwrap();
    let order = async |path: &str, body: &'static str| {
        let request = client
            .post(format!("http://{}{path}", line.address))
            .body(body);
        let request = request.header("content-type", "application/json");
        request.send().await.unwrap().status().as_u16()
    };

    assert_eq!(
        order(
            "/control",
            r#"{"misbehave":{"outage":"400/368","on":"unsubscribe"}}"#
        )
        .await,
        204
    );
    assert_eq!(order("/control/outage", "none").await, 204);
    for odd in [
        r#"{"misbehave":{"outage":"up"}}"#,
        r#"{"misbehave":{"outage":"down","on":"dance"}}"#,
    ] {
        assert_eq!(order("/control", odd).await, 400, "{odd}");
    }
    assert_eq!(order("/control", r#"{"fly":1}"#).await, 422);
    assert_eq!(order("/control/outage", "up").await, 400);
    assert_eq!(
        line.client.is_subscribed(&waba()).await,
        Ok(true),
        "the script is for another call"
    );
    let first = line.client.unsubscribe(&waba()).await.unwrap_err();
    line.client.unsubscribe(&waba()).await.unwrap();

    assert_eq!(first.evidence().code, Some(368));
    let state = client
        .get(format!("http://{}/control/state", line.address))
        .send()
        .await
        .unwrap();
    let state = state.text().await.unwrap();
    assert!(
        state.contains(r#""unsubscribed":["102290129340398"]"#),
        "{state}"
    );
    assert!(
        state.contains(Call::Unsubscribe.as_str()) && !state.contains("EAAJ"),
        "{state}"
    );
}

/// A receiver of webhooks that keeps what it was sent.
async fn receiver() -> (
    String,
    tokio::sync::mpsc::UnboundedReceiver<(String, Vec<u8>)>,
) {
    let (sender, received) = tokio::sync::mpsc::unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/webhook", listener.local_addr().unwrap());
    let keep = move |headers: axum::http::HeaderMap, body: axum::body::Bytes| {
        let signature = headers["x-hub-signature-256"].to_str().unwrap().to_owned();
        sender.send((signature, body.to_vec())).unwrap();
        std::future::ready(())
    };
    let router = axum::Router::new().route("/webhook", axum::routing::post(keep));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (address, received)
}

#[tokio::test]
async fn somebody_who_writes_is_heard_until_the_app_is_unsubscribed() {
    let line = Line::open().await;
    let (address, mut received) = receiver().await;
    line.meta.set_callback(&address);
    let inbound = r#"{"waba_id":"102290129340398","phone_number_id":"106540352242922","display_phone_number":"33186760000",
        "from":{"wa_id":"33612345678","user_id":"FR.134","name":"Zoé"},"text":"supprimez-moi, s’il vous plaît"}"#;
    let client = reqwest::Client::builder().build().unwrap();
    let write = async || {
        let request = client.post(format!("http://{}/control/message", line.address));
        let request = request
            .header("content-type", "application/json")
            .body(inbound);
        request.send().await.unwrap().text().await.unwrap()
    };

    let delivery = write().await;

    assert!(delivery.contains(r#""status":200"#), "{delivery}");
    let (signed, body) = received.recv().await.unwrap();
    assert_eq!(signed, signature(APP_SECRET, &body));
    assert!(body.is_ascii());
    line.client.unsubscribe(&waba()).await.unwrap();
    assert_eq!(write().await, "null");
    assert!(received.try_recv().is_err());
}
