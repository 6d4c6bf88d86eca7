//! What the simulated Meta keeps, and how each call changes it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use secrecy::ExposeSecret as _;
use serde::Serialize;
use serde_json::json;

use super::{
    APP_ID, APP_SECRET, Asked, Manner, Outage, Reply,
    answers::{Refusal, dead_token, done, instead, subscriptions},
};
use crate::{
    graph::{
        signature::proof,
        transport::{Call, Method},
    },
    time::Timestamp,
};

/// Registrations and deregistrations of one number that Meta bears in 72 hours.
const REGISTRATIONS: u32 = 10;

/// What takes effect, and does not arrive as it should.
const TRAVEL: [(Outage, Manner); 3] = [
    (Outage::AnswersLost, Manner::Cut),
    (Outage::Half, Manner::Half),
    (Outage::Dripping, Manner::Dripping),
];

/// A question that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallRecord {
    /// When.
    pub at: Timestamp,
    /// What; absent when there is no such call.
    pub call: Option<&'static str>,
    /// `DELETE 102290129340398/subscribed_apps`.
    pub line: String,
    /// The status of the answer.
    pub status: u16,
}

/// A code that was sent by an authentication template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SentCode {
    /// When.
    pub at: Timestamp,
    /// The sender's number at Meta.
    pub from: String,
    /// Who got it, digits only.
    pub to: String,
    /// The template.
    pub template: String,
    /// Its language.
    pub language: String,
    /// The code, as its button copies it.
    pub code: String,
    /// What comes back in statuses.
    pub reference: String,
    /// Meta's id of the message.
    pub message_id: String,
}

/// A webhook that was delivered, or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// When.
    pub at: Timestamp,
    /// Which message.
    pub message_id: String,
    /// What the receiver answered; absent when it could not be reached.
    pub status: Option<u16>,
}

/// Everything.
#[derive(Default)]
pub(super) struct World {
    /// Accounts, each with the reads that still show our app.
    pub(super) unsubscribed: BTreeMap<String, u32>,
    pub(super) overrides: BTreeMap<String, String>,
    pub(super) deregistered: BTreeSet<String>,
    pub(super) registrations: BTreeMap<String, u32>,
    pub(super) revoked: BTreeSet<String>,
    pub(super) unreachable: BTreeSet<String>,
    pub(super) calls: Vec<CallRecord>,
    pub(super) sent: Vec<SentCode>,
    pub(super) deliveries: Vec<Delivery>,
    pub(super) outage: Outage,
    pub(super) script: VecDeque<(Option<Call>, Outage)>,
    pub(super) lag: u32,
    pub(super) neighbours: u32,
    pub(super) proof_required: bool,
    /// The app's callback address.
    pub(super) callback: Option<String>,
    /// Numbers everything that needs a name.
    pub(super) counter: u64,
}

impl World {
    pub(super) fn answer(&mut self, asked: &Asked<'_>, now: Timestamp) -> Reply {
        let (call, node) = route(asked);
        let outage = self.next_outage(call);
        let trace = self.trace();
        let mut reply = match instead(outage, node, &trace) {
            Some(reply) => reply,
            None => match self.act(asked, call, node, now) {
                Ok(reply) => reply,
                Err(refusal) => refusal.reply(&trace),
            },
        };
        if let Some((_, manner)) = TRAVEL.iter().find(|(spoiling, _)| *spoiling == outage) {
            reply.manner = *manner;
        }
        let method = match asked.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Delete => "DELETE",
        };
        self.calls.push(CallRecord {
            at: now,
            call: call.map(Call::as_str),
            line: format!("{method} {}", asked.path),
            status: reply.status,
        });
        reply
    }

    /// The first scripted misbehaviour that fits, else the standing one.
    fn next_outage(&mut self, call: Option<Call>) -> Outage {
        let fits = |(on, _): &(Option<Call>, Outage)| on.is_none() || *on == call;
        let scripted = self.script.iter().position(fits);
        scripted
            .and_then(|position| self.script.remove(position))
            .map_or(self.outage, |(_, outage)| outage)
    }

    fn act(
        &mut self,
        asked: &Asked<'_>,
        call: Option<Call>,
        node: &str,
        now: Timestamp,
    ) -> Result<Reply, Refusal> {
        let token = self.authenticate(asked)?;
        match call {
            None if asked.method == Method::Post && asked.path.ends_with("/subscribed_apps") => {
                self.unsubscribed.remove(node);
                Ok(success())
            }
            None => Err(Refusal::new(400, 2500, "Unknown path components")),
            Some(Call::Unsubscribe) => self.unsubscribe(node),
            Some(Call::ListSubscriptions) => Ok(self.list(asked, node)),
            Some(Call::ClearOverride) => Ok(self.configure(asked, node)),
            Some(Call::Deregister) => self.deregister(node),
            Some(Call::Revoke) => self.revoke(asked, token),
            Some(Call::SendCode) => self.send(asked, node, now),
        }
    }

    /// Whose token it is, if it is good and the question proves that it comes from our server.
    fn authenticate<'a>(&self, asked: &Asked<'a>) -> Result<&'a str, Refusal> {
        let token = asked
            .token
            .filter(|token| token.starts_with("EAA") && !self.revoked.contains(*token))
            .ok_or(dead_token())?;
        let offered = asked.query.get("appsecret_proof");
        if offered.is_none() && self.proof_required {
            let message = "API calls from the server require an appsecret_proof argument";
            return Err(Refusal::new(400, 100, message).of_method());
        }
        let expected = proof(&APP_SECRET.into(), &token.into());
        if offered.is_some_and(|offered| offered != expected.expose_secret()) {
            let message = "Invalid appsecret_proof provided in the API argument";
            return Err(Refusal::new(400, 100, message).of_method());
        }
        Ok(token)
    }

    fn unsubscribe(&mut self, account: &str) -> Result<Reply, Refusal> {
        if self.unsubscribed.contains_key(account) {
            let message = "WhatsApp Business Account not found or not subscribed";
            return Err(Refusal::new(404, 803, message).of_method());
        }
        self.unsubscribed.insert(account.to_owned(), self.lag);
        Ok(success())
    }

    fn list(&mut self, asked: &Asked<'_>, account: &str) -> Reply {
        let page = asked
            .query
            .get("after")
            .and_then(|after| after.parse().ok())
            .unwrap_or(0);
        let listed = match self.unsubscribed.get_mut(account) {
            None => true,
            Some(0) => false,
            Some(reads) => {
                *reads -= 1;
                true
            }
        };
        let next = format!("{}/{}", asked.base, asked.path);
        subscriptions(listed, self.neighbours, page, &next)
    }

    /// An empty address takes the number's own away.
    fn configure(&mut self, asked: &Asked<'_>, number: &str) -> Reply {
        let body = asked.body.as_ref();
        let address = body.and_then(|body| {
            let pointer = "/webhook_configuration/override_callback_uri";
            body.pointer(pointer)?.as_str()
        });
        match address {
            None | Some("") => self.overrides.remove(number),
            Some(address) => self.overrides.insert(number.to_owned(), address.to_owned()),
        };
        success()
    }

    fn deregister(&mut self, number: &str) -> Result<Reply, Refusal> {
        let count = self.registrations.entry(number.to_owned()).or_default();
        *count += 1;
        if *count > REGISTRATIONS {
            let message =
                "Registration or deregistration failed because there were too many attempts";
            return Err(Refusal::new(400, 133_016, message));
        }
        if !self.deregistered.insert(number.to_owned()) {
            return Err(Refusal::new(400, 133_010, "Phone number not registered"));
        }
        Ok(success())
    }

    fn revoke(&mut self, asked: &Asked<'_>, token: &str) -> Result<Reply, Refusal> {
        let given = |name: &str| asked.query.get(name).map(String::as_str);
        if given("client_id") != Some(APP_ID) || given("client_secret") != Some(APP_SECRET) {
            return Err(Refusal::new(400, 1, "Error validating client secret."));
        }
        let revoked = given("revoke_token").unwrap_or(token);
        self.revoked.insert(revoked.to_owned());
        Ok(success())
    }

    fn send(&mut self, asked: &Asked<'_>, number: &str, now: Timestamp) -> Result<Reply, Refusal> {
        let body = asked.body.clone().unwrap_or_default();
        let text = |pointer: &str| {
            let found = body.pointer(pointer).and_then(serde_json::Value::as_str);
            found.map(str::to_owned)
        };
        let button = "/template/components/1/parameters/0/text";
        let (Some(to), Some(code)) = (text("/to"), text(button)) else {
            return Err(Refusal::new(400, 131_008, "Required parameter is missing"));
        };
        let digits: String = to.chars().filter(char::is_ascii_digit).collect();
        if self.unreachable.contains(&digits) {
            return Err(Refusal::new(400, 131_026, "Message undeliverable"));
        }
        let message_id = self.message_id(&digits);
        let content = json!({
            "messaging_product": "whatsapp",
            "contacts": [{ "input": to, "wa_id": digits }],
            "messages": [{ "id": message_id, "message_status": "accepted" }],
        });
        self.sent.push(SentCode {
            at: now,
            from: number.to_owned(),
            to: digits,
            template: text("/template/name").unwrap_or_default(),
            language: text("/template/language/code").unwrap_or_default(),
            code,
            reference: text("/biz_opaque_callback_data").unwrap_or_default(),
            message_id,
        });
        Ok(done(&content))
    }

    fn trace(&mut self) -> String {
        self.counter += 1;
        format!("AXsgnV2Cm3ZMGF3dF_{:04}", self.counter)
    }
}

/// Which call it is, and which account or number it is about.
fn route<'a>(asked: &Asked<'a>) -> (Option<Call>, &'a str) {
    let (node, edge) = asked.path.split_once('/').unwrap_or((asked.path, ""));
    let call = match (asked.method, node, edge) {
        (Method::Get, "oauth", "revoke") => Some(Call::Revoke),
        (Method::Delete, _, "subscribed_apps") => Some(Call::Unsubscribe),
        (Method::Get, _, "subscribed_apps") => Some(Call::ListSubscriptions),
        (Method::Post, _, "") => Some(Call::ClearOverride),
        (Method::Post, _, "deregister") => Some(Call::Deregister),
        (Method::Post, _, "messages") => Some(Call::SendCode),
        _ => None,
    };
    (call, node)
}

fn success() -> Reply {
    done(&json!({ "success": true }))
}
