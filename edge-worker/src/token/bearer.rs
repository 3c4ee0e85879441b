//! The `Authorization` header.

use shared::session::MAX_TOKEN_BYTES;

use super::Fault;

/// The token of `Authorization: Bearer …` (RFC 6750, section 2.1). Two headers arrive joined by a comma and are refused, like
/// anything else that is not one scheme, one space and one token; the scheme's case does not matter (RFC 9110, section 11.1).
///
/// # Errors
/// [`Fault::Missing`], [`Fault::NotBearer`] or [`Fault::TooLong`].
pub fn bearer(authorization: &str) -> Result<&str, Fault> {
    if authorization.is_empty() {
        return Err(Fault::Missing);
    }
    let (scheme, token) = authorization.split_once(' ').ok_or(Fault::NotBearer)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Fault::NotBearer);
    }
    if token.len() > MAX_TOKEN_BYTES {
        return Err(Fault::TooLong);
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if token.is_empty() || !token.bytes().all(plain) {
        return Err(Fault::NotBearer);
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_one_token_and_nothing_else() {
        assert_eq!(bearer("Bearer a.b.c"), Ok("a.b.c"));
        assert_eq!(bearer("bearer a.b.c"), Ok("a.b.c"));
        assert_eq!(bearer(""), Err(Fault::Missing));
        for odd in [
            "Bearer",
            "Bearer ",
            "Bearer  a.b.c",
            "Bearer a.b.c ",
            "Bearer a.b.c, Bearer d.e.f",
            "Bearer a.b.c,d.e.f",
            "Basic dXNlcjpwYXNz",
            "a.b.c",
            "Bearer\ta.b.c",
            "Bearer a.b.c=",
            "Bearer a/b.c+d.e",
            "Bearer \u{e4}.b.c",
            "Bearer {\"payload\":\"\"}",
        ] {
            assert_eq!(bearer(odd), Err(Fault::NotBearer), "{odd}");
        }
        assert_eq!(bearer(&format!("Bearer {}", "a".repeat(MAX_TOKEN_BYTES + 1))), Err(Fault::TooLong));
    }
}
