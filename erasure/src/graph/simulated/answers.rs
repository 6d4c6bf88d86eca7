//! Bodies and headers as Meta writes them.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "each table of outages leaves the others to the next one"
)]

use serde_json::{Value, json};

use super::{APP_ID, Manner, Outage, Reply};
use crate::graph::transport::Answer;

/// What Meta says when it does not do something.
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: i64,
    pub(super) subcode: Option<i64>,
    pub(super) transient: bool,
    pub(super) kind: &'static str,
    pub(super) message: &'static str,
}

impl Refusal {
    pub(super) const fn new(status: u16, code: i64, message: &'static str) -> Self {
        Self {
            status,
            code,
            subcode: None,
            transient: false,
            kind: "OAuthException",
            message,
        }
    }

    pub(super) const fn subcode(mut self, subcode: i64) -> Self {
        self.subcode = Some(subcode);
        self
    }

    const fn transient(mut self) -> Self {
        self.transient = true;
        self
    }

    pub(super) const fn of_method(mut self) -> Self {
        self.kind = "GraphMethodException";
        self
    }

    pub(super) fn reply(self, trace: &str) -> Reply {
        let mut error = json!({
            "message": self.message,
            "type": self.kind,
            "code": self.code,
            "fbtrace_id": trace,
        });
        if let Value::Object(error) = &mut error {
            let subcode = self
                .subcode
                .map(|code| ("error_subcode".to_owned(), code.into()));
            let transient = ("is_transient".to_owned(), true.into());
            error.extend(subcode);
            error.extend(self.transient.then_some(transient));
        }
        Reply {
            status: self.status,
            ..done(&json!({ "error": error }))
        }
    }
}

/// An answer that does what was asked.
pub(super) fn done(content: &Value) -> Reply {
    Reply {
        status: 200,
        headers: vec![(
            "x-app-usage",
            r#"{"call_count":28,"total_cputime":25,"total_time":25}"#.to_owned(),
        )],
        content_type: "application/json; charset=UTF-8",
        body: content.to_string(),
        manner: Manner::Whole,
    }
}

/// One subscribed app, nested as in Meta's reference.
pub(super) fn subscription(id: &str, name: &str) -> Value {
    json!({ "whatsapp_business_api_data": {
        "id": id,
        "name": name,
        "link": format!("https://www.facebook.com/games/?app_id={id}"),
    } })
}

/// `X-Business-Use-Case-Usage` of an account.
fn usage(account: &str, percent: u32, minutes: u32) -> (&'static str, String) {
    let usage = json!({ account: [{
        "type": "whatsapp_business_management",
        "call_count": percent,
        "total_cputime": 25,
        "total_time": 25,
        "estimated_time_to_regain_access": minutes,
    }] });
    ("x-business-use-case-usage", usage.to_string())
}

/// What an outage answers instead of doing anything; `None` when the call is done first.
pub(super) fn instead(outage: Outage, account: &str, trace: &str) -> Option<Reply> {
    if let Some(refusal) = refusal(outage) {
        let mut reply = refusal.reply(trace);
        if outage == Outage::AccountRateLimited {
            reply.headers.push(usage(account, 100, 19));
        }
        return Some(reply);
    }
    let html = |status, body: &str| Reply {
        status,
        content_type: "text/html",
        ..odd(body)
    };
    Some(match outage {
        Outage::Html => html(
            503,
            "<!DOCTYPE html><title>Error</title><p>Sorry, something went wrong.</p>",
        ),
        Outage::Empty => odd(""),
        Outage::WrongJson => odd(r#"{"id":"1","data":{"success":"perhaps"}}"#),
        Outage::Refusing => odd(
            r#"{"success":false,"data":[],"paging":{"next":"https://collector.example/v25.0/1/subscribed_apps?after=x"}}"#,
        ),
        Outage::Flood => odd(&format!(
            "{}{{\"success\":true}}",
            " ".repeat(Answer::LARGEST)
        )),
        Outage::Reset => Reply {
            manner: Manner::Cut,
            ..odd("")
        },
        Outage::Silent => Reply {
            manner: Manner::Silent,
            ..odd("")
        },
        Outage::Redirect => Reply {
            headers: vec![("location", "https://collector.example/".to_owned())],
            ..html(302, "")
        },
        _ => return None,
    })
}

/// A body that comes with 200, whatever is in it.
fn odd(body: &str) -> Reply {
    Reply {
        headers: vec![],
        body: body.to_owned(),
        ..done(&Value::Null)
    }
}

/// The error of Meta's table that an outage stands for.
fn refusal(outage: Outage) -> Option<Refusal> {
    Some(match outage {
        Outage::Down => Refusal::new(
            500,
            2,
            "An unexpected error occurred. Please retry your request",
        )
        .of_method()
        .transient(),
        Outage::RateLimited => Refusal::new(429, 4, "Application request limit reached")
            .subcode(2_446_079)
            .transient(),
        Outage::AccountRateLimited => Refusal::new(
            400,
            80_008,
            "There have been too many calls to this account",
        ),
        Outage::TokenRevoked => dead_token(),
        Outage::PermissionLost => Refusal::new(
            403,
            200,
            "Your app doesn't have permission to unsubscribe from this WhatsApp Business Account",
        )
        .subcode(1_349_174),
        Outage::Error {
            status,
            code,
            subcode,
            transient,
        } => Refusal {
            subcode,
            transient,
            ..Refusal::new(status, code, "An error of Meta's table")
        },
        _ => return None,
    })
}

/// Nobody is known by this token.
pub(super) const fn dead_token() -> Refusal {
    Refusal::new(401, 190, "Invalid OAuth access token").subcode(463)
}

/// A list of subscribed apps: ours or not, and some of others', ten on a page.
pub(super) fn subscriptions(ours: bool, others: u32, page: u32, next: &str) -> Reply {
    let first = page.saturating_mul(10);
    let mut data: Vec<Value> = (first..others.min(first + 10))
        .map(|number| subscription(&format!("99{number:013}"), "Another provider"))
        .collect();
    let is_last = first + 10 >= others;
    if ours && is_last {
        data.push(subscription(APP_ID, "Qliento"));
    }
    let mut content = json!({ "data": data });
    if !is_last && let Value::Object(content) = &mut content {
        let after = page + 1;
        let paging = json!({
            "cursors": { "after": after.to_string() },
            "next": format!("{next}?access_token=hidden&limit=10&after={after}"),
        });
        content.insert("paging".to_owned(), paging);
    }
    let mut reply = done(&content);
    reply.headers.push(usage("102290129340398", 3, 0));
    reply
}
