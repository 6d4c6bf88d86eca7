//! Each row of Meta's table of errors, and what stands between us and Meta.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use erasure::graph::{
    App, Evidence, Graph as _, GraphClient, GraphError, HttpTransport, TimeOuts, simulated::Outage,
};

use super::{Class, Line, PATIENCE, class, waba};

const DAY: Duration = Duration::from_hours(24);

/// Status, code, subcode, and what it means.
const TABLE: [(u16, i64, Option<i64>, Class); 43] = [
    (401, 0, None, Class::NoAccess),
    (400, 1, None, Class::Later),
    (500, 1, None, Class::Later),
    (503, 2, None, Class::Later),
    (500, 2, None, Class::Later),
    (500, 3, None, Class::NoAccess),
    (400, 4, None, Class::Later),
    (429, 4, Some(2_446_079), Class::Later),
    (403, 10, None, Class::NoAccess),
    (400, 17, None, Class::Later),
    (400, 32, None, Class::Later),
    (400, 613, None, Class::Later),
    (400, 33, None, Class::Gone),
    (400, 80_007, None, Class::Later),
    (400, 80_008, None, Class::Later),
    (400, 100, None, Class::NeedsPerson(None)),
    (400, 100, Some(33), Class::NoAccess),
    (422, 100, None, Class::NeedsPerson(None)),
    (401, 102, None, Class::NoAccess),
    (400, 104, None, Class::NeedsPerson(None)),
    (401, 190, Some(458), Class::NoAccess),
    (401, 190, Some(460), Class::NoAccess),
    (401, 190, Some(463), Class::NoAccess),
    (401, 190, Some(467), Class::NoAccess),
    (403, 200, Some(1_349_174), Class::NoAccess),
    (403, 299, None, Class::NoAccess),
    (403, 368, None, Class::NeedsPerson(Some(DAY))),
    (404, 803, None, Class::Gone),
    (429, 130_429, None, Class::Later),
    (500, 131_000, None, Class::Later),
    (403, 131_005, None, Class::NoAccess),
    (400, 131_008, None, Class::NeedsPerson(None)),
    (503, 131_016, None, Class::Later),
    (403, 131_031, None, Class::NeedsPerson(Some(DAY))),
    (400, 131_056, None, Class::Later),
    (500, 131_057, None, Class::Later),
    (503, 133_004, None, Class::Later),
    (
        400,
        133_016,
        None,
        Class::NeedsPerson(Some(Duration::from_hours(72))),
    ),
    (400, 300, None, Class::NeedsPerson(None)),
    (418, 99_999, None, Class::NeedsPerson(None)),
    (429, 99_999, None, Class::Later),
    (500, 99_999, None, Class::Later),
    (200, 190, None, Class::NoAccess),
];

#[tokio::test]
async fn each_row_of_metas_table_means_what_it_says() {
    for (status, code, subcode, expected) in TABLE {
        let line = Line::open().await;

        let error = line.on(Outage::error(status, code, subcode)).await;

        let row = format!("{status}/{code}/{subcode:?}");
        assert_eq!(class(&error), expected, "{row}");
        let Evidence {
            status: seen,
            code: kept,
            subcode: refined,
            trace,
        } = error.evidence();
        assert_eq!(
            (seen, kept, refined),
            (Some(status), Some(code), subcode),
            "{row}"
        );
        assert!(
            trace.is_some_and(|trace| trace.starts_with("AXsgnV2Cm3ZMGF3dF_")),
            "{row}"
        );
        assert_eq!(line.meta.unsubscribed(), Vec::<String>::new(), "{row}");
    }
}

#[tokio::test]
async fn what_meta_calls_transient_comes_later_whatever_its_code() {
    let line = Line::open().await;

    let transient = Outage::Error {
        status: 400,
        code: 100,
        subcode: None,
        transient: true,
    };

    assert_eq!(class(&line.on(transient).await), Class::Later);
}

#[tokio::test]
async fn whatever_stands_between_us_and_meta_is_not_taken_for_an_answer() {
    for (outage, expected) in [
        (Outage::Html, Class::Later),
        (Outage::Empty, Class::Later),
        (Outage::WrongJson, Class::Later),
        (Outage::Half, Class::Later),
        (Outage::Flood, Class::Later),
        (Outage::Reset, Class::Later),
        (Outage::Silent, Class::Later),
        (Outage::Dripping, Class::Later),
        (Outage::AnswersLost, Class::Later),
        (Outage::Redirect, Class::NeedsPerson(None)),
        (Outage::Refusing, Class::NeedsPerson(None)),
    ] {
        let line = Line::open().await;

        let began = Instant::now();
        let error = line.on(outage).await;

        assert_eq!(class(&error), expected, "{outage:?}");
        assert!(
            began.elapsed() < PATIENCE * 5,
            "{outage:?} took {:?}",
            began.elapsed()
        );
        let acted = matches!(
            outage,
            Outage::AnswersLost | Outage::Half | Outage::Dripping
        );
        assert_eq!(
            line.meta.unsubscribed().len(),
            usize::from(acted),
            "{outage:?}"
        );
    }
}

#[tokio::test]
async fn nobody_there_is_nobody_there() {
    let line = Line::open().await;
    let transport = HttpTransport::new("http://127.0.0.1:1", "v25.0", TimeOuts::default()).unwrap();
    let client = GraphClient::new(Arc::new(transport), App::default(), line.clock.clone());

    let error = client.unsubscribe(&waba()).await.unwrap_err();

    assert_eq!(
        error,
        GraphError::Later {
            evidence: Evidence::default(),
            wait: None
        }
    );
}
