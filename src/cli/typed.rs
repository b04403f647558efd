//! The query as it was typed, before the shell took the quotation marks away, and what it means today.

use super::open;
use crate::index::{ParsedQuery, parse_query_on};

/// Returns what a query means today.
///
/// # Errors
/// When the clock is fixed on what is no time.
pub fn meant(text: &str) -> anyhow::Result<ParsedQuery> {
    Ok(parse_query_on(text, open::today()?))
}

/// Returns the query as typed. The shell has taken the quotation marks away: among several
/// arguments, one with spaces was a phrase (`depression "mental health"`), also behind a field
/// (`country:"South Africa"`). A single argument is the whole query.
pub fn typed(args: &[String]) -> String {
    if let [only] = args {
        return only.clone();
    }
    let quoted = |arg: &String| {
        let is_plain = !arg.contains(['"', '“', '”', '(', ')']) && !arg.contains(" OR ") && !arg.contains(" AND ");
        if !arg.trim().contains(' ') || !is_plain {
            return arg.clone();
        }
        match arg.split_once(':') {
            Some((name, value)) if name.chars().all(|c| c.is_alphabetic() || c == '-') && !value.starts_with(' ') => {
                format!("{name}:\"{value}\"")
            }
            _ => match arg.strip_prefix('-') {
                Some(rest) => format!("-\"{rest}\""),
                None => format!("\"{arg}\""),
            },
        }
    };
    args.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_shell_took_away_is_put_back() {
        for (args, want) in [
            (&["postpartum depression in kenya"][..], "postpartum depression in kenya"),
            (&["postpartum", "depression"], "postpartum depression"),
            (&["kenya", "thinking healthy"], "kenya \"thinking healthy\""),
            (&["stigma", "country:South Africa"], "stigma country:\"South Africa\""),
            (&["stigma", "-country:South Africa"], "stigma -country:\"South Africa\""),
            (&["kenya", "-mental health"], "kenya -\"mental health\""),
            (&["kenya", "(a OR b)"], "kenya (a OR b)"),
            (&["kenya", "\"already quoted\" x"], "kenya \"already quoted\" x"),
        ] {
            let args: Vec<String> = args.iter().map(|a| (*a).to_owned()).collect();
            assert_eq!(typed(&args), want);
        }
    }
}
