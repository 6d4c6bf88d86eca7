//! A connection between the product and its S3 that has good and bad days.

use std::sync::Arc;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// What a request meets. When it changes, every connection of before ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// It reaches the server.
    Fair,
    /// The connection ends without an answer.
    Broken,
    /// Nobody ever answers.
    Silent,
    /// This answer, whatever was asked: a status line and S3's code.
    Answer(&'static str, &'static str),
}

pub(crate) struct Way {
    pub(crate) address: String,
    weather: watch::Sender<Weather>,
}

impl Way {
    /// A way to this server.
    pub(crate) async fn to(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (sender, receiver) = watch::channel(Weather::Fair);
        let server: Arc<str> = server.into();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(meet(client, Arc::clone(&server), receiver.clone()));
            }
        });
        Self {
            address,
            weather: sender,
        }
    }

    pub(crate) fn becomes(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

async fn meet(mut client: TcpStream, server: Arc<str>, mut weather: watch::Receiver<Weather>) {
    let now = *weather.borrow_and_update();
    match now {
        Weather::Fair => {
            let mut server = TcpStream::connect(&*server).await.unwrap();
            tokio::select! {
                _ = copy_bidirectional(&mut client, &mut server) => {}
                _ = weather.changed() => {}
            }
        }
        Weather::Broken => {}
        Weather::Silent => drop(weather.changed().await),
        Weather::Answer(status, code) => {
            let _ = client.read(&mut vec![0; 65_536]).await;
            let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>");
            let answer = format!(
                "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            let _ = client.write_all(answer.as_bytes()).await;
        }
    }
}
