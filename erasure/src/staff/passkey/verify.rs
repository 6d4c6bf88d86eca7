//! Whether a response answers our challenge: the steps of Web Authentication Level 3, §7.1 and §7.2, that apply without
//! attestation and extensions. Everything here comes from a browser, so nothing here may panic.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rustls_pki_types::{SignatureVerificationAlgorithm, SubjectPublicKeyInfoDer};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use webpki::RawPublicKeyEntity;

use super::{Assertion, Ceremony, Registration, RelyingParty};

/// The algorithms that we take, the best liked first: ECDSA on P-256, `EdDSA` on Curve25519, RSA with `PKCS#1` v1.5 (older Windows).
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// Somebody is there.
const USER_PRESENT: u8 = 0x01;
/// … and has shown a finger, a face or a PIN.
const USER_VERIFIED: u8 = 0x04;
/// The passkey may be copied to other devices.
const BACKUP_ELIGIBLE: u8 = 0x08;
/// It has been.
const BACKED_UP: u8 = 0x10;
/// A new key follows.
const CREDENTIAL_INCLUDED: u8 = 0x40;
/// §6.5.1: a credential's name has at most 1023 bytes.
const LONGEST_CREDENTIAL: usize = 1023;

/// A key that was made, and belongs to whoever the session says.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) credential: Vec<u8>,
    pub(super) public_key: Vec<u8>,
    pub(super) algorithm: i64,
    pub(super) uses: u32,
}

/// Checks what the browser says when a passkey was made.
pub(super) fn registration(
    response: &Registration,
    ceremony: &Ceremony,
    party: &RelyingParty,
) -> Option<Made> {
    client_data(
        &decode(&response.client_data)?,
        "webauthn.create",
        ceremony,
        party,
    )?;
    let raw = decode(&response.authenticator_data)?;
    let authenticator = AuthenticatorData::read(&raw, party)?;
    let algorithm = response.algorithm;
    let public_key = decode(&response.public_key)?;
    signature_algorithm(algorithm)?;
    RawPublicKeyEntity::try_from(&SubjectPublicKeyInfoDer::from(public_key.as_slice())).ok()?;
    Some(Made {
        credential: authenticator.credential()?.to_vec(),
        uses: authenticator.uses,
        public_key,
        algorithm,
    })
}

/// A key that we know.
pub(super) struct Known {
    pub(super) public_key: Vec<u8>,
    pub(super) algorithm: i64,
    pub(super) uses: i64,
}

/// Checks a signature; the answer is the authenticator's counter now.
pub(super) fn assertion(
    response: &Assertion,
    known: &Known,
    ceremony: &Ceremony,
    party: &RelyingParty,
) -> Option<i64> {
    let client = decode(&response.client_data)?;
    client_data(&client, "webauthn.get", ceremony, party)?;
    let raw = decode(&response.authenticator_data)?;
    let uses = i64::from(AuthenticatorData::read(&raw, party)?.uses);
    let mut signed = raw;
    signed.extend(Sha256::digest(&client));
    let key = SubjectPublicKeyInfoDer::from(known.public_key.as_slice());
    RawPublicKeyEntity::try_from(&key)
        .ok()?
        .verify_signature(
            signature_algorithm(known.algorithm)?,
            &signed,
            &decode(&response.signature)?,
        )
        .ok()?;
    // A counter that does not go on means that there are two of this authenticator (§6.1.1).
    let counts = uses > 0 || known.uses > 0;
    (!counts || uses > known.uses).then_some(uses)
}

fn signature_algorithm(cose: i64) -> Option<&'static dyn SignatureVerificationAlgorithm> {
    match cose {
        -7 => Some(webpki::ring::ECDSA_P256_SHA256),
        -8 => Some(webpki::ring::ED25519),
        -257 => Some(webpki::ring::RSA_PKCS1_2048_8192_SHA256),
        _ => None,
    }
}

pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// What the browser vouches for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<String>,
}

/// Steps 5 to 10: what was done, to which challenge, on which page, and not in a frame of somebody else's.
fn client_data(json: &[u8], kind: &str, ceremony: &Ceremony, party: &RelyingParty) -> Option<()> {
    let data: ClientData = serde_json::from_slice(json).ok()?;
    let challenge = decode(&data.challenge)?;
    let holds = data.r#type == kind
        && bool::from(challenge.ct_eq(&ceremony.challenge))
        && data.origin == party.origin
        && !data.cross_origin
        && data.top_origin.is_none();
    holds.then_some(())
}

/// What the authenticator vouches for (§6.1).
struct AuthenticatorData<'a> {
    flags: u8,
    uses: u32,
    rest: &'a [u8],
}

impl<'a> AuthenticatorData<'a> {
    /// For our domain, with somebody there who was verified.
    fn read(raw: &'a [u8], party: &RelyingParty) -> Option<Self> {
        let (domain, raw) = raw.split_first_chunk::<32>()?;
        let (&[flags], raw) = raw.split_first_chunk::<1>()?;
        let (uses, rest) = raw.split_first_chunk::<4>()?;
        let has = |flag: u8| flags & flag == flag;
        let holds = domain.as_slice() == Sha256::digest(party.id.as_bytes()).as_slice()
            && has(USER_PRESENT)
            && has(USER_VERIFIED)
            && (has(BACKUP_ELIGIBLE) || !has(BACKED_UP));
        holds.then_some(Self {
            flags,
            uses: u32::from_be_bytes(*uses),
            rest,
        })
    }

    /// The name of the new credential: behind the sixteen bytes of the authenticator's model and two of its length.
    fn credential(&self) -> Option<&'a [u8]> {
        (self.flags & CREDENTIAL_INCLUDED != 0).then_some(())?;
        let (_model, rest) = self.rest.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (credential, _key) = rest.split_at_checked(length)?;
        (!credential.is_empty() && length <= LONGEST_CREDENTIAL).then_some(credential)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn party() -> RelyingParty {
        RelyingParty {
            id: "app.example.com".to_owned(),
            origin: "https://app.example.com".to_owned(),
        }
    }

    /// Authenticator data with these flags, and a credential of this length by its own account.
    fn raw(flags: u8, length: u16, credential: &[u8]) -> Vec<u8> {
        let mut raw = Sha256::digest(b"app.example.com").to_vec();
        raw.push(flags);
        raw.extend([0, 0, 0, 7]);
        raw.extend([0; 16]);
        raw.extend(length.to_be_bytes());
        raw.extend(credential);
        raw
    }

    #[test]
    fn only_somebody_who_is_there_and_was_verified_counts() {
        let read =
            |flags| AuthenticatorData::read(&raw(flags, 0, &[]), &party()).map(|data| data.uses);

        assert_eq!(read(USER_PRESENT | USER_VERIFIED), Some(7));
        for flags in [
            0,
            USER_PRESENT,
            USER_VERIFIED,
            USER_PRESENT | USER_VERIFIED | BACKED_UP,
        ] {
            assert_eq!(read(flags), None, "{flags:#04x}");
        }
        let elsewhere = RelyingParty {
            id: "evil.example".to_owned(),
            ..party()
        };
        let flags = USER_PRESENT | USER_VERIFIED;
        assert!(AuthenticatorData::read(&raw(flags, 0, &[]), &elsewhere).is_none());
    }

    #[test]
    fn a_credential_is_as_long_as_it_says_or_none() {
        let flags = USER_PRESENT | USER_VERIFIED | CREDENTIAL_INCLUDED;
        let credential = |flags, length, bytes: &[u8]| {
            let raw = raw(flags, length, bytes);
            let data = AuthenticatorData::read(&raw, &party()).unwrap();
            data.credential().map(<[u8]>::to_vec)
        };

        assert_eq!(
            credential(flags, 3, b"abcKEY").as_deref(),
            Some(&b"abc"[..])
        );
        assert_eq!(credential(flags, 7, b"abcKEY"), None, "cut off");
        assert_eq!(credential(flags, 0, b"KEY"), None, "empty");
        assert_eq!(credential(flags, 1024, &[1; 2000]), None, "too long");
        assert_eq!(credential(USER_PRESENT | USER_VERIFIED, 3, b"abcKEY"), None);
    }

    proptest::proptest! {
        #[test]
        fn nothing_that_a_browser_sends_makes_it_fall_over(
            raw in proptest::collection::vec(0_u8..=255, 0..200),
            json in "\\PC{0,120}",
        ) {
            let party = party();
            if let Some(data) = AuthenticatorData::read(&raw, &party) {
                let _ = data.credential();
            }
            let ceremony = Ceremony::of([7; 32]);
            assert!(client_data(json.as_bytes(), "webauthn.get", &ceremony, &party).is_none());
            assert!(client_data(&raw, "webauthn.get", &ceremony, &party).is_none());
        }
    }
}
