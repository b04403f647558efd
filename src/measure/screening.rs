//! How good the order of a screening was: ASReview's measures, by the definitions of
//! `asreview-insights` and Ferdinands et al. 2023.

use std::collections::BTreeMap;

use super::as_f64;

/// Per cent of the papers after which recall is told.
pub const RECALL_AT: [u32; 7] = [1, 2, 5, 10, 20, 30, 50];

/// The measures of one order.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Screening {
    /// Papers in the order.
    pub n: usize,
    /// Wanted ones among them.
    pub relevant: usize,
    /// Area between the best possible curve of recall and this one, over that between the best and the worst:
    /// 0 when all wanted papers come first, 1 when they come last.
    pub loss: f64,
    /// Σ 1 ÷ log₂(place + 1) over the wanted papers, over the best possible.
    pub ndcg: f64,
    /// Work saved over sampling at 95 % recall: 0.95 less the share of the papers that had to be read.
    pub wss95: f64,
    /// The same at full recall.
    pub wss100: f64,
    /// Share of the wanted papers found after a tenth of all (rounded up).
    pub rrf10: f64,
    /// Mean place of a wanted paper, over the number of papers.
    pub atd: f64,
    /// Share of the wanted papers found after 1, 2, 5 … per cent of all.
    pub recall_at: BTreeMap<u32, f64>,
}

/// Returns the measures of an order, given for each paper whether it was wanted. `None` unless there are papers
/// of both kinds.
pub fn screening(order: &[bool]) -> Option<Screening> {
    let places: Vec<usize> = (1..).zip(order).filter(|(_, wanted)| **wanted).map(|(place, _)| place).collect();
    if places.is_empty() || places.len() == order.len() {
        return None;
    }
    let (n, r) = (as_f64(order.len()), as_f64(places.len()));
    // Sum of the curve: a paper found at place p is counted at p and at every later place.
    let curve: f64 = places.iter().map(|p| n - as_f64(*p) + 1.0).sum();
    let gain = |place: usize| 1.0 / (as_f64(place) + 1.0).log2();
    let best: f64 = (1..=places.len()).map(gain).sum();
    let found = |share: f64| {
        let read = (share * n - 1e-9).ceil().max(1.0);
        as_f64(places.iter().filter(|p| as_f64(**p) <= read).count()) / r
    };
    let read_until = |share: f64| {
        let needed = (share * r - 1e-9).ceil();
        let place = (1..).zip(&places).find(|(count, _)| as_f64(*count) >= needed).map(|(_, place)| *place);
        as_f64(place.unwrap_or(order.len()))
    };
    Some(Screening {
        n: order.len(),
        relevant: places.len(),
        loss: (r * (n - (r - 1.0) / 2.0) - curve) / (r * (n - r)),
        ndcg: places.iter().map(|p| gain(*p)).sum::<f64>() / best,
        wss95: 0.95 - read_until(0.95) / n,
        wss100: 1.0 - read_until(1.0) / n,
        rrf10: found(0.1),
        atd: places.iter().map(|p| as_f64(*p)).sum::<f64>() / r / n,
        recall_at: RECALL_AT.iter().map(|p| (*p, found(f64::from(*p) / 100.0))).collect(),
    })
}

/// Returns the mean of several measures of one collection; `None` of none.
pub fn mean(all: &[Screening]) -> Option<Screening> {
    let first = all.first()?;
    let mean = |of: &dyn Fn(&Screening) -> f64| all.iter().map(of).sum::<f64>() / as_f64(all.len());
    Some(Screening {
        n: first.n,
        relevant: first.relevant,
        loss: mean(&|s| s.loss),
        ndcg: mean(&|s| s.ndcg),
        wss95: mean(&|s| s.wss95),
        wss100: mean(&|s| s.wss100),
        rrf10: mean(&|s| s.rrf10),
        atd: mean(&|s| s.atd),
        recall_at: RECALL_AT.iter().map(|p| (*p, mean(&|s| s.recall_at.get(p).copied().unwrap_or_default()))).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_of_orders_that_can_be_worked_out_by_hand() {
        // id, order (1 wanted), loss, ndcg, wss95, wss100, rrf10, atd
        let log = |n: f64| 1.0 / n.log2();
        let cases: [(&str, &[u8], [f64; 6]); 3] = [
            ("best", &[1, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0.0, 1.0, 0.75, 0.8, 0.5, 0.15]),
            (
                "worst",
                &[0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
                [1.0, (log(10.0) + log(11.0)) / (1.0 + log(3.0)), -0.05, 0.0, 0.0, 0.95],
            ),
            ("middle", &[0, 1, 0, 1], [0.75, (log(3.0) + log(5.0)) / (1.0 + log(3.0)), -0.05, 0.0, 0.0, 0.75]),
        ];
        for (id, order, wanted) in cases {
            let order: Vec<bool> = order.iter().map(|x| *x == 1).collect();
            let s = screening(&order).expect(id);
            for (is, should) in [s.loss, s.ndcg, s.wss95, s.wss100, s.rrf10, s.atd].into_iter().zip(wanted) {
                assert!((is - should).abs() < 1e-12, "{id}: {s:?}, not {wanted:?}");
            }
        }
        assert!(screening(&[true, true]).is_none() && screening(&[]).is_none());
    }

    /// Returns an order of so many papers with the wanted ones at these places, from 1 on.
    fn order(papers: usize, places: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut out = vec![false; papers];
        places.into_iter().for_each(|place| out[place - 1] = true);
        out
    }

    #[test]
    fn one_wanted_paper() {
        // id, papers, its place, loss, wss95 (a part of one paper is the whole), wss100, rrf10, recall after 1 %
        for (id, papers, place, wanted) in [
            ("first", 200, 1, [0.0, 0.945, 0.995, 1.0, 1.0]),
            ("second, 1 % of 200 is 2", 200, 2, [1.0 / 199.0, 0.94, 0.99, 1.0, 1.0]),
            ("third", 200, 3, [2.0 / 199.0, 0.935, 0.985, 1.0, 0.0]),
            ("at the tenth", 200, 20, [19.0 / 199.0, 0.85, 0.9, 1.0, 0.0]),
            ("behind the tenth", 200, 21, [20.0 / 199.0, 0.845, 0.895, 0.0, 0.0]),
            ("a tenth of 15 is 1.5, so 2", 15, 2, [1.0 / 14.0, 0.95 - 2.0 / 15.0, 1.0 - 2.0 / 15.0, 1.0, 0.0]),
            ("last", 200, 200, [1.0, -0.05, 0.0, 0.0, 0.0]),
        ] {
            let s = screening(&order(papers, [place])).expect(id);
            assert_eq!((s.n, s.relevant), (papers, 1), "{id}");
            for (is, should) in [s.loss, s.wss95, s.wss100, s.rrf10, s.recall_at[&1]].into_iter().zip(wanted) {
                assert!((is - should).abs() < 1e-12, "{id}: {s:?}, not {wanted:?}");
            }
            assert!((s.ndcg - 1.0 / (as_f64(place) + 1.0).log2()).abs() < 1e-12, "{id}: {}", s.ndcg);
            assert!((s.atd - as_f64(place) / as_f64(papers)).abs() < 1e-12, "{id}: {}", s.atd);
        }
    }

    #[test]
    fn ninety_five_per_cent_are_counted_in_whole_papers() {
        // 20 wanted ones: 95 % are exactly 19; 21: 19.95, so 20. The last one stands at the very end.
        for (wanted, needed) in [(20, 19), (21, 20)] {
            let s = screening(&order(100, (1..wanted).chain([100]))).unwrap();
            assert!((s.wss95 - (0.95 - as_f64(needed) / 100.0)).abs() < 1e-12, "{wanted}: {}", s.wss95);
            assert!(s.wss100.abs() < 1e-12, "{wanted}: {}", s.wss100);
        }
    }

    #[test]
    fn the_mean_of_orders() {
        let all = [order(10, [1, 2]), order(10, [9, 10])].map(|o| screening(&o).unwrap());
        let m = mean(&all).unwrap();
        assert!((m.loss - 0.5).abs() < 1e-12 && (m.rrf10 - 0.25).abs() < 1e-12, "{m:?}");
        assert_eq!((m.n, m.relevant, m.recall_at[&50]), (10, 2, 0.5));
        assert!(mean(&[]).is_none());
    }
}
