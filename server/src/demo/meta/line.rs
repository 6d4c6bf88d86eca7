//! Connections that can be cut: how answers travel on a bad day.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    extract::connect_info::Connected,
    http::{HeaderValue, StatusCode, header},
    response::Response,
    serve::{IncomingStream, Listener},
};
use erasure::graph::simulated::{Manner, Reply};
use futures::stream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

/// Between two bytes of an answer that drips.
const DRIP: Duration = Duration::from_millis(200);

/// Accepts connections that can be cut.
pub(super) struct Lines(pub(super) TcpListener);

/// Cuts one connection.
#[derive(Clone)]
pub(super) struct Line(Arc<AtomicBool>);

/// One connection.
pub(super) struct Wire {
    stream: TcpStream,
    line: Line,
}

impl Line {
    /// Sends an answer the way it is to travel.
    pub(super) async fn send(&self, reply: Reply) -> Response {
        let whole = Bytes::from(reply.body);
        let length = whole.len();
        let body = match reply.manner {
            Manner::Whole => Body::from(whole),
            Manner::Dripping => dripping(whole),
            Manner::Half => half(&whole),
            Manner::Silent => return std::future::pending().await,
            Manner::Cut => {
                self.0.store(true, Ordering::SeqCst);
                Body::empty()
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or_default();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(reply.content_type),
        );
        headers.insert(header::CONTENT_LENGTH, length.into());
        for (name, value) in reply.headers {
            if let Ok(value) = value.parse() {
                headers.insert(name, value);
            }
        }
        response
    }
}

fn dripping(whole: Bytes) -> Body {
    let bytes = stream::unfold(0, move |position| {
        let whole = whole.clone();
        async move {
            let byte = (position < whole.len()).then(|| whole.slice(position..=position))?;
            let _ = tokio::time::timeout(DRIP, std::future::pending::<()>()).await;
            Some((Ok::<_, io::Error>(byte), position + 1))
        }
    });
    Body::from_stream(bytes)
}

/// The length is announced, half of it comes, and then the line is gone.
fn half(whole: &Bytes) -> Body {
    let first = whole.slice(..whole.len() / 2);
    Body::from_stream(stream::iter([Ok(first), Err(gone())]))
}

fn gone() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

impl Listener for Lines {
    type Io = Wire;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Wire, Self::Addr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        let line = Line(Arc::default());
        (Wire { stream, line }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Lines>> for Line {
    fn connect_info(stream: IncomingStream<'_, Lines>) -> Self {
        stream.io().line.clone()
    }
}

impl Wire {
    fn poll_intact(&self) -> io::Result<()> {
        if self.line.0.load(Ordering::SeqCst) {
            Err(gone())
        } else {
            Ok(())
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_intact()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_intact()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
