//! Every date form that was met, and what it must give.

use super::*;

/// Checks a table of id, text, date as printed ("" for none), note.
fn check(table: &[(&str, &str, &str, &str)]) {
    for (id, text, want, note) in table {
        let got = read_date(text).map(|d| d.to_string()).unwrap_or_default();
        assert_eq!(got, *want, "{id}: {text:?} ({note})");
    }
}

#[test]
fn numbers() {
    check(&[
        ("year", "2003", "2003", "a year stays a year"),
        ("month", "2003-12", "2003-12", "a month stays a month"),
        ("day", "2003-12-31", "2003-12-31", "a day stays a day"),
        ("z", "2003-12-31T10:14:55Z", "2003-12-31T10:14:55Z", "W3C form"),
        ("fraction", "2003-12-31T10:14:55.1234Z", "2003-12-31T10:14:55Z", "parts of seconds are dropped"),
        ("offset", "2003-12-31T10:14:55-08:00", "2003-12-31T18:14:55Z", "turned into UTC"),
        ("j-stage", "2021-12-21T02:37:53+0900", "2021-12-20T17:37:53Z", "no colon in the zone"),
        ("hours-zone", "2021-12-21T02:37:53+09", "2021-12-20T17:37:53Z", "zone of hours"),
        ("zoobank", "2021-05-12T22:54:08", "2021-05-12T22:54:08Z", "no zone: as UTC"),
        ("space", "2021-05-12 22:54:08", "2021-05-12T22:54:08Z", "databases"),
        ("space-zone", "2021-05-12 22:54:08 UTC", "2021-05-12T22:54:08Z", "with a name"),
        ("minutes", "2003-12-31T10:14Z", "2003-12-31T10:14:00Z", "no seconds"),
        ("hours", "2003-12-31T10Z", "2003-12-31T10:00:00Z", "hours only"),
        ("no-colons", "2003-12-31T101455Z", "2003-12-31T10:14:55Z", "basic time"),
        ("compact", "20031231", "2003-12-31", "basic day"),
        ("compact-time", "20031231T101455Z", "2003-12-31T10:14:55Z", "basic day and time"),
        ("ordinal", "2003-335", "2003-12-01", "day of the year"),
        ("ordinal-366", "2003-366", "", "not a leap year"),
        ("slashes", "2021/10/16 9:23:28", "2021-10-16T09:23:28Z", "Chinese journal systems"),
        ("dotted", "2021.10.16", "2021-10-16", "Korean"),
        ("dmy-dots", "31.12.2021", "2021-12-31", "German"),
        ("dmy", "31/12/2021", "2021-12-31", "only a day can be 31"),
        ("mdy", "12/31/2021", "2021-12-31", "only a day can be 31"),
        ("mdy-am", "5/3/2016 3:14:05 PM", "2016-05-03T15:14:05Z", "American with am/pm"),
        ("unsure", "03/04/2021", "2021", "two readings: only the year is sure"),
        ("same", "04/04/2021", "2021-04-04", "both readings agree"),
        ("epoch", "1388534400", "2014-01-01T00:00:00Z", "seconds"),
        ("epoch-ms", "1388534400123", "2014-01-01T00:00:00Z", "milliseconds"),
        ("zero-day", "2021-00-00", "2021", "databases write 0 for unknown"),
        ("zero", "0000-00-00 00:00:00", "", "nothing known"),
        ("month-13", "2021-13-01", "", "no such month"),
        ("feb-30", "2021-02-30", "", "no such day"),
        ("hour-24", "2021-12-31T24:00:00Z", "2022-01-01T00:00:00Z", "the next midnight"),
        ("hour-25", "2021-12-31T25:00:00Z", "", "no such hour"),
        ("leap", "2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z", "leap second"),
        ("cjk", "2021年11月5日", "2021-11-05", "Chinese and Japanese"),
        ("cjk-time", "2021年11月5日 10:30", "2021-11-05T10:30:00Z", "with a time"),
        ("korean", "2021년 11월 5일", "2021-11-05", "Korean"),
        ("full-width", "２０２１-１１-０５", "2021-11-05", "full-width digits"),
    ]);
}

#[test]
fn words() {
    check(&[
        ("rfc822", "Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z", "the RSS form"),
        ("no-weekday", "1 Jan 2004 19:48:21 +0000", "2004-01-01T19:48:21Z", "weekday left out"),
        ("two-digits", "Thu, 07 Dec 17 10:00:29 -0800", "2017-12-07T18:00:29Z", "two-digit year"),
        ("two-digits-old", "Thu, 07 Dec 95 10:00:29 GMT", "1995-12-07T10:00:29Z", "RFC 2822: 50-99"),
        ("no-seconds", "Thu, 01 Jan 2004 19:48 GMT", "2004-01-01T19:48:00Z", "no seconds"),
        ("no-time", "Thu, 01 Jan 2004", "2004-01-01", "a day stays a day"),
        ("est", "Wed, 17 Jan 2018 15:50:00 EST", "2018-01-17T20:50:00Z", "American zone"),
        ("pdt", "Mon, 07 Jun 2021 05:00:00 PDT", "2021-06-07T12:00:00Z", "summer time"),
        ("unknown-zone", "Mon, 07 Jun 2021 05:00:00 XYZ", "2021-06-07T05:00:00Z", "unknown zone: as UTC"),
        ("named-offset", "Mon, 07 Jun 2021 05:00:00 GMT+0200", "2021-06-07T03:00:00Z", "name and offset"),
        ("remark", "Mon, 07 Jun 2021 05:00:00 +0900 (JST)", "2021-06-06T20:00:00Z", "remark in parentheses"),
        ("no-zone", "Mon, 07 Jun 2021 05:00:00", "2021-06-07T05:00:00Z", "no zone"),
        ("full-month", "Mon, 07 June 2021 05:00:00 GMT", "2021-06-07T05:00:00Z", "month in full"),
        ("us", "June 7, 2021", "2021-06-07", "American order"),
        ("us-time", "Jun 7, 2021 3:05 pm", "2021-06-07T15:05:00Z", "American with time"),
        ("nth", "7th June 2021", "2021-06-07", "ordinal number"),
        ("dashes", "07-Jun-2021", "2021-06-07", "dashes"),
        ("dashes-2", "07-Jun-21", "2021-06-07", "dashes, two digits"),
        ("asctime", "Sun Jan  4 16:29:06 2004", "2004-01-04T16:29:06Z", "C form"),
        ("asctime-zone", "Sun Jan 4 16:29:06 PST 2004", "2004-01-05T00:29:06Z", "Unix form"),
        ("twitter", "Wed Aug 27 13:08:45 +0000 2008", "2008-08-27T13:08:45Z", "offset before the year"),
        ("month-year", "November 2021", "2021-11", "a month stays a month"),
        ("year-month", "2021 Nov", "2021-11", "PubMed order"),
        ("year-month-day", "2021 Nov 5", "2021-11-05", "PubMed order"),
        ("range", "January–February 2022", "2022-01", "the first month"),
        ("range-year", "December 2021 - January 2022", "2021-12", "over the year"),
        ("online", "Available online 5 November 2021", "2021-11-05", "ScienceDirect"),
        ("season", "Spring 2021", "2021", "a season is known to the year"),
        ("german", "Mi, 30 Jun 2021 00:00:00 +0200", "2021-06-29T22:00:00Z", "German weekday"),
        ("german-month", "Do, 14 Okt 2021 10:00:00 +0200", "2021-10-14T08:00:00Z", "German month"),
        ("german-full", "5. März 2021", "2021-03-05", "umlaut"),
        ("portuguese", "Seg, 24 Set 2018 19:42:40 -0300", "2018-09-24T22:42:40Z", "Portuguese"),
        ("portuguese-full", "24 de setembro de 2018", "2018-09-24", "with de"),
        ("spanish", "mar, 12 ene 2021 10:00:00 GMT", "2021-01-12T10:00:00Z", "mar is Tuesday here"),
        ("spanish-march", "vie, 12 mar 2021 10:00:00 GMT", "2021-03-12T10:00:00Z", "and March here"),
        ("french", "lun., 3 août 2020 08:00:00 +0200", "2020-08-03T06:00:00Z", "accents"),
        ("italian", "gio, 15 lug 2021 10:00:00 +0200", "2021-07-15T08:00:00Z", "Italian"),
        ("turkish", "05 Haz 2021", "2021-06-05", "Turkish"),
        ("russian", "Пт, 14 мая 2021 10:00:00 +0300", "2021-05-14T07:00:00Z", "Russian"),
        ("indonesian", "Sen, 02 Agu 2021 07:00:00 +0700", "2021-08-02T00:00:00Z", "Indonesian"),
        ("polish", "pon, 04 paź 2021 10:00:00 +0200", "2021-10-04T08:00:00Z", "Polish"),
    ]);
}

#[test]
fn what_is_no_date() {
    check(&[
        ("empty", "", "", "nothing"),
        ("word", "yesterday", "", "no number"),
        ("volume", "Volume 12, Issue 3, pages 4-5, March 2021", "", "a citation is no date"),
        ("number", "12", "", "a day of what?"),
        ("long", &"1".repeat(500), "", "too long to be a date"),
        ("feb-31", "31 Feb 2021", "", "no such day"),
        ("phone", "555-1234", "", "no date"),
        ("html", "<b>2021</b>", "", "markup is no date"),
    ]);
}

#[test]
fn the_day_of_an_instant_is_the_day_in_utc() {
    let day = |t: &str| read_date(t).and_then(FeedDate::day).map(|d| d.to_string());
    assert_eq!(day("2021-12-31T23:30:00-05:00").as_deref(), Some("2022-01-01"));
    assert_eq!(day("2021-12").as_deref(), Some("2021-12"));
}
