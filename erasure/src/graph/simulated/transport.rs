//! The client's way into the simulated Meta without a socket. What a socket would lose is lost here as well.

use async_trait::async_trait;
use secrecy::ExposeSecret as _;

use super::{Asked, Manner, Reply, SimulatedMeta};
use crate::graph::transport::{Answer, Lost, Request, Transport};

/// Where Meta would be.
const HERE: &str = "https://graph.facebook.com";

#[async_trait]
impl Transport for SimulatedMeta {
    async fn send(&self, request: &Request) -> Result<Answer, Lost> {
        let query = request
            .query
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.expose_secret().to_owned()))
            .collect();
        let reply = self.answer(&Asked {
            method: request.method,
            base: HERE,
            path: &request.path,
            query,
            token: Some(request.token.expose_secret()),
            body: request.body.clone(),
        });
        match reply.manner {
            Manner::Whole if reply.body.len() > Answer::LARGEST => Err(Lost),
            Manner::Whole => Ok(received(reply)),
            Manner::Dripping | Manner::Half | Manner::Cut | Manner::Silent => Err(Lost),
        }
    }

    fn origin(&self) -> &str {
        HERE
    }
}

fn received(reply: Reply) -> Answer {
    let header = |wanted: &str| {
        let found = reply.headers.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.clone())
    };
    Answer {
        status: reply.status,
        retry_after: header("retry-after"),
        usage: header("x-business-use-case-usage"),
        body: reply.body.into_bytes(),
    }
}
