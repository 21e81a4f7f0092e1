//! Access and refresh tokens: JSON Web Tokens (HS256, or RS256 and RS512) bound to a session row.
//!
//! Claims as the reference makes them (`sub`, `type`, `exp`), and `sid`, the session. A token is good while
//! its session is; a token without `sid` was made by another server and is refused.

use crate::crypto::KeyRing;
use crate::{AppError, AppResult};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use langflow_core::Secret;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    Access,
    Refresh,
}

impl TokenKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// A token that was verified. The session may have ended all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub user_id: Uuid,
    pub session_id: Uuid,
    pub expires_at: DateTime<Utc>,
    /// Of a refresh token: which of the session's refresh tokens it is.
    pub serial: Option<Uuid>,
}

/// Why a token is refused, in the words of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    Invalid,
    Expired,
    WrongType,
    Incomplete,
}

impl TokenError {
    pub fn text(self) -> &'static str {
        match self {
            Self::Invalid => "Invalid token",
            Self::Expired => "Token has expired",
            Self::WrongType => "Invalid token type",
            Self::Incomplete => "Invalid token payload",
        }
    }
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Claims {
    sub: serde_json::Value,
    r#type: serde_json::Value,
    exp: serde_json::Value,
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    sid: serde_json::Value,
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    jti: serde_json::Value,
}

/// Signs a token with the current secret.
pub fn sign(keys: &KeyRing, kind: TokenKind, token: &Token) -> AppResult<Secret> {
    let claims = Claims {
        sub: token.user_id.to_string().into(),
        r#type: kind.as_str().into(),
        exp: token.expires_at.timestamp().into(),
        sid: token.session_id.to_string().into(),
        jti: token.serial.map(|serial| serial.to_string()).into(),
    };
    let signed = if let Some(rsa) = keys.token_keys() {
        jsonwebtoken::encode(&Header::new(rsa.algorithm), &claims, &rsa.signing)
    } else {
        let secret = keys.signing_secrets().next().ok_or_else(|| AppError::bug("the key ring is empty"))?;
        let key = EncodingKey::from_secret(secret.expose().as_bytes());
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
    };
    signed.map(Secret::new).map_err(AppError::internal)
}

/// Verifies a token: signature, expiry (no leeway), type, claims; in the order of the reference.
pub fn verify(keys: &KeyRing, kind: TokenKind, text: &str, now: DateTime<Utc>) -> Result<Token, TokenError> {
    // One algorithm at a time: nobody signs with the public key as if it were a secret.
    let claims = match keys.token_keys() {
        Some(rsa) => decode(&rsa.verifying, rsa.algorithm, text),
        None => keys.signing_secrets().find_map(|secret| {
            decode(&DecodingKey::from_secret(secret.expose().as_bytes()), Algorithm::HS256, text)
        }),
    };
    let claims = claims.ok_or(TokenError::Invalid)?;
    let expires_at = match &claims.exp {
        // A token that never ends is not one of ours.
        serde_json::Value::Null => None,
        exp => Some(exp.as_i64().and_then(|s| DateTime::from_timestamp(s, 0)).ok_or(TokenError::Invalid)?),
    };
    if expires_at.is_some_and(|at| at <= now) {
        return Err(TokenError::Expired);
    }
    if claims.r#type.as_str() != Some(kind.as_str()) {
        return Err(TokenError::WrongType);
    }
    let id = |claim: &serde_json::Value| claim.as_str().and_then(|text| Uuid::try_parse(text).ok());
    match (expires_at, id(&claims.sub), id(&claims.sid)) {
        (Some(expires_at), Some(user_id), Some(session_id)) => {
            Ok(Token { user_id, session_id, expires_at, serial: id(&claims.jti) })
        }
        _ => Err(TokenError::Incomplete),
    }
}

fn decode(key: &DecodingKey, algorithm: Algorithm, text: &str) -> Option<Claims> {
    let mut rules = Validation::new(algorithm);
    // Expiry is judged by our own clock, in our own order.
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.required_spec_claims.clear();
    jsonwebtoken::decode::<Claims>(text, key, &rules).ok().map(|data| data.claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::{Value, json};

    fn ring() -> KeyRing {
        KeyRing::new(&Secret::new("a test secret"), &[Secret::new("an older one")]).unwrap()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    fn token() -> Token {
        Token {
            user_id: Uuid::from_u128(1),
            session_id: Uuid::from_u128(2),
            expires_at: at(3600),
            serial: None,
        }
    }

    fn forged(header: Value, claims: Value, secret: &str) -> String {
        let mut head = Header::new(Algorithm::HS256);
        head.typ = header.get("typ").and_then(Value::as_str).map(str::to_owned);
        jsonwebtoken::encode(&head, &claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    }

    #[test]
    fn a_token_comes_back_until_it_expires() {
        let text = sign(&ring(), TokenKind::Access, &token()).unwrap();
        assert_eq!(verify(&ring(), TokenKind::Access, text.expose(), at(3599)), Ok(token()));
        assert_eq!(verify(&ring(), TokenKind::Access, text.expose(), at(3600)), Err(TokenError::Expired));
        assert_eq!(verify(&ring(), TokenKind::Refresh, text.expose(), at(0)), Err(TokenError::WrongType));
        let claims = text.expose().split('.').nth(1).unwrap();
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        let names: Vec<_> = claims.as_object().unwrap().keys().cloned().collect();
        assert_eq!(names, ["sub", "type", "exp", "sid"]);
    }

    #[test]
    fn tokens_of_the_previous_secret_are_read() {
        let old = KeyRing::new(&Secret::new("an older one"), &[]).unwrap();
        let text = sign(&old, TokenKind::Access, &token()).unwrap();
        assert_eq!(verify(&ring(), TokenKind::Access, text.expose(), at(0)), Ok(token()));
    }

    #[test]
    fn rsa_keys_sign_alone_where_they_sign() {
        use crate::crypto::signing::{RsaDigest, load, tests::PRIVATE};
        let keys = |digest| load(std::path::Path::new(""), digest, &Secret::new(PRIVATE), None).unwrap();
        for (digest, name) in [(RsaDigest::Sha256, "RS256"), (RsaDigest::Sha512, "RS512")] {
            let rsa = ring().with_token_keys(keys(digest));
            let text = sign(&rsa, TokenKind::Access, &token()).unwrap();
            let header = text.expose().split('.').next().unwrap();
            let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
            assert_eq!(header, json!({"typ": "JWT", "alg": name}));
            assert_eq!(verify(&rsa, TokenKind::Access, text.expose(), at(0)), Ok(token()));
            assert_eq!(verify(&ring(), TokenKind::Access, text.expose(), at(0)), Err(TokenError::Invalid));
            let other = ring().with_token_keys(keys(match digest {
                RsaDigest::Sha256 => RsaDigest::Sha512,
                RsaDigest::Sha512 => RsaDigest::Sha256,
            }));
            assert_eq!(verify(&other, TokenKind::Access, text.expose(), at(0)), Err(TokenError::Invalid));
            // Signed with the secret, or with the public key taken for a secret.
            let with_secret = sign(&ring(), TokenKind::Access, &token()).unwrap();
            assert_eq!(
                verify(&rsa, TokenKind::Access, with_secret.expose(), at(0)),
                Err(TokenError::Invalid)
            );
        }
    }

    #[test]
    fn forgeries_are_refused_in_the_words_of_the_reference() {
        let (sub, sid, exp) = (Uuid::from_u128(1).to_string(), Uuid::from_u128(2).to_string(), 1_700_003_600);
        let ours = |claims: Value| forged(json!({"typ": "JWT"}), claims, "a test secret");
        let none = format!(
            "{}.{}.",
            URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#),
            URL_SAFE_NO_PAD.encode(json!({"sub": sub, "type": "access", "exp": exp, "sid": sid}).to_string())
        );
        let full = json!({"sub": sub, "type": "access", "exp": exp, "sid": sid});
        for (text, expected) in [
            (none, TokenError::Invalid),
            (forged(json!({}), full.clone(), "another secret"), TokenError::Invalid),
            (String::new(), TokenError::Invalid),
            ("a.b.c".into(), TokenError::Invalid),
            ("sk-VK5O5xI3lcJo8k6tKyUGYhueTqBRpNGhns2HdJ6P7Ko".into(), TokenError::Invalid),
            (ours(json!({"sub": sub, "type": "access", "exp": "soon", "sid": sid})), TokenError::Invalid),
            (ours(json!({"sub": sub, "type": "access", "exp": 1, "sid": sid})), TokenError::Expired),
            (ours(json!({"sub": sub, "type": "api_key", "exp": exp, "sid": sid})), TokenError::WrongType),
            (ours(json!({"sub": sub, "exp": exp, "sid": sid})), TokenError::WrongType),
            (ours(json!({"type": "access", "exp": exp, "sid": sid})), TokenError::Incomplete),
            (ours(json!({"sub": sub, "type": "access", "sid": sid})), TokenError::Incomplete),
            (ours(json!({"sub": sub, "type": "access", "exp": exp})), TokenError::Incomplete),
            (ours(json!({"sub": "x", "type": "access", "exp": exp, "sid": sid})), TokenError::Incomplete),
            (ours(json!([1, 2])), TokenError::Invalid),
        ] {
            assert_eq!(verify(&ring(), TokenKind::Access, &text, at(0)), Err(expected), "{text}");
        }
    }
}
