//! A passkey that lives in memory: it does what a telephone does, and what a forger would like it to do.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use erasure::staff::passkey::{Assertion, Ceremony, Registration};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use sha2::{Digest as _, Sha256};

/// `SubjectPublicKeyInfo` of a point on P-256, up to the point.
const P256: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

pub(crate) struct Authenticator {
    key: EcdsaKeyPair,
    credential: Vec<u8>,
    pub(crate) domain: String,
    pub(crate) origin: String,
    pub(crate) flags: u8,
    pub(crate) uses: u32,
    /// Added to what the browser vouches for.
    pub(crate) extra: &'static str,
}

impl Authenticator {
    pub(crate) fn new(name: &str) -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Self {
            key: EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap(),
            credential: name.as_bytes().to_vec(),
            domain: "app.qliento.com".to_owned(),
            origin: "https://app.qliento.com".to_owned(),
            flags: 0x05, // somebody is there, and was verified
            uses: 1,
            extra: "",
        }
    }

    pub(crate) fn register(&self, ceremony: &Ceremony) -> Registration {
        let mut data = self.data(self.flags | 0x40);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.credential.len()).unwrap().to_be_bytes());
        data.extend(&self.credential);
        let point = self.key.public_key();
        Registration {
            client_data: encode(&self.client_data("webauthn.create", ceremony)),
            authenticator_data: encode(&data),
            public_key: encode(&[&P256[..], point.as_ref()].concat()),
            algorithm: -7,
        }
    }

    pub(crate) fn sign(&mut self, ceremony: &Ceremony) -> Assertion {
        self.uses += 1;
        let data = self.data(self.flags);
        let client_data = self.client_data("webauthn.get", ceremony);
        let signed = [data.clone(), Sha256::digest(&client_data).to_vec()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        Assertion {
            credential: encode(&self.credential),
            client_data: encode(&client_data),
            authenticator_data: encode(&data),
            signature: encode(signature.as_ref()),
        }
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.domain.as_bytes()).to_vec();
        data.push(flags);
        data.extend(self.uses.to_be_bytes());
        data
    }

    fn client_data(&self, kind: &str, ceremony: &Ceremony) -> Vec<u8> {
        format!(
            r#"{{"type":"{kind}","challenge":"{}","origin":"{}","crossOrigin":false{}}}"#,
            ceremony.challenge(),
            self.origin,
            self.extra
        )
        .replace(
            r#""crossOrigin":false,"crossOrigin":true"#,
            r#""crossOrigin":true"#,
        )
        .into_bytes()
    }
}

pub(crate) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
