//! The way to a mailbox: a connection, TLS, the greeting, the sign-in.

use std::{fmt::Debug, sync::Arc};

use async_imap::{Client, Session};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName},
};

use super::{LookError, MailboxAddress};

/// Bytes in both directions, protected or not.
pub(super) trait Line: AsyncRead + AsyncWrite + Debug + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Debug + Send + Unpin> Line for T {}

/// A mailbox that is open.
pub(super) type Open = Session<Box<dyn Line>>;

/// Connects, signs in and opens the folder.
pub(super) async fn open(
    address: &MailboxAddress,
    password: &SecretString,
) -> Result<Open, LookError> {
    let mut client = Client::new(connect(address).await?);
    // A server speaks first; one that says nothing has hung up.
    let greeting = client.read_response().await;
    greeting
        .ok()
        .flatten()
        .ok_or(LookError::Away("the mail server hung up"))?;
    let signed_in = client.login(&address.user, password.expose_secret()).await;
    let mut session = signed_in.map_err(|(error, _)| LookError::of(&error))?;
    session
        .select(&address.folder)
        .await
        .map_err(|error| LookError::of(&error))?;
    Ok(session)
}

async fn connect(address: &MailboxAddress) -> Result<Box<dyn Line>, LookError> {
    let away = LookError::Away("the mail server does not answer");
    let stream = TcpStream::connect((address.host.as_str(), address.port))
        .await
        .map_err(|_| away)?;
    if !address.is_protected {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(address.host.clone());
    let name = name.map_err(|_| LookError::Away("the mail server's name has no certificate"))?;
    let config = tls().ok_or(LookError::Away("TLS cannot be spoken here"))?;
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .map_err(|_| LookError::Away("the mail server shows no certificate that holds"))?;
    Ok(Box::new(stream))
}

/// The certificate authorities that browsers trust, as for everything else that this program connects to.
fn tls() -> Option<ClientConfig> {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .ok()?;
    Some(config.with_root_certificates(roots).with_no_client_auth())
}
