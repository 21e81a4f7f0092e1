//! Fernet tokens: AES-128-CBC under HMAC-SHA-256, in url-safe base64.
//!
//! The form Langflow stores secrets in, so that a database can move both ways. Tokens carry the time they
//! were made; it is not checked, they do not expire.

use aes::Aes128;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use zeroize::ZeroizeOnDrop;

const VERSION: u8 = 0x80;
/// Version, time and initialisation vector.
const HEAD: usize = 1 + 8 + 16;
const TAG: usize = 32;

/// Every token starts so: version byte and the upper bytes of a time before the year 2106.
pub const PREFIX: &str = "gAAAAA";

/// A Fernet key: 16 bytes that sign, 16 bytes that encrypt.
#[derive(Clone, ZeroizeOnDrop)]
pub struct FernetKey {
    sign: [u8; 16],
    encrypt: [u8; 16],
}

impl FernetKey {
    pub fn new(bytes: &[u8; 32]) -> Self {
        let mut key = Self { sign: [0; 16], encrypt: [0; 16] };
        for (slot, byte) in key.sign.iter_mut().chain(key.encrypt.iter_mut()).zip(bytes) {
            *slot = *byte;
        }
        key
    }

    /// A token for `plain`, made at `seconds` since 1970 with this initialisation vector, which must be
    /// random and never be used twice.
    pub fn encrypt(&self, plain: &[u8], seconds: u64, iv: [u8; 16]) -> String {
        let cipher = cbc::Encryptor::<Aes128>::new(&self.encrypt.into(), &iv.into());
        let mut token = vec![VERSION];
        token.extend_from_slice(&seconds.to_be_bytes());
        token.extend_from_slice(&iv);
        token.extend_from_slice(&cipher.encrypt_padded_vec::<Pkcs7>(plain));
        let tag = self.mac(&token).finalize().into_bytes();
        token.extend_from_slice(&tag);
        URL_SAFE.encode(token)
    }

    /// The clear bytes, or `None` if the token is not one of this key.
    pub fn decrypt(&self, token: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(token.trim_end_matches('=')).ok()?;
        let (signed, tag) = bytes.split_at_checked(bytes.len().checked_sub(TAG)?)?;
        let (head, sealed) = signed.split_at_checked(HEAD)?;
        if head.first() != Some(&VERSION) {
            return None;
        }
        self.mac(signed).verify_slice(tag).ok()?;
        let iv: [u8; 16] = head.get(9..)?.try_into().ok()?;
        cbc::Decryptor::<Aes128>::new(&self.encrypt.into(), &iv.into())
            .decrypt_padded_vec::<Pkcs7>(sealed)
            .ok()
    }

    fn mac(&self, data: &[u8]) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.sign).expect("HMAC takes keys of any length");
        mac.update(data);
        mac
    }
}

impl std::fmt::Debug for FernetKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FernetKey(***)")
    }
}
