//! Where thresholds come from: what can be looked up, in the order of their numbers in the texts.

pub const SOURCES: [&str; 12] = [
    "E. Davis, Little Stream Software: littlestreamsoftware.com/articles/need-loyalty-program (a practitioner's \
     opinion: 15% to 50%)",
    "K. Hillstrom, Mega-Metrics: Annual Repurchase Rate, MineThatData, 17 March 2009: \
     blog.minethatdata.com/2009/03/mega-metrics-annual-repurchase-rate.html (40% and 60%, from consulting)",
    "A. Croll, B. Yoskovitz, Lean Analytics, O'Reilly 2013, the chapter on e-commerce (after Hillstrom)",
    "J. L. Fleiss, B. Levin, M. C. Paik, Statistical Methods for Rates and Proportions, 3rd edition, Wiley 2003, \
     chapter 4",
    "Y. Liu, The Long-Term Impact of Loyalty Programs on Consumer Purchase Behavior and Loyalty, Journal of \
     Marketing 71(4), 2007",
    "P. Schmitt, B. Skiera, C. Van den Bulte, Referral Programs and Customer Value, Journal of Marketing 75(1), 2011, \
     doi 10.1509/jmkg.75.1.46",
    "H. M. Wolters, K. Gedenk, Referral Programs and Customer Value: Insights from the Telecommunications Services \
     Industry, Journal of Marketing Behavior 3(4), 2019",
    "D. McCarthy, R. S. Winer, The Pareto Rule in Marketing Revisited, Marketing Letters 30, 2019, \
     ssrn.com/abstract=3264425",
    "National Retail Federation, Happy Returns, 2024 Consumer Returns in the Retail Industry, December 2024",
    "E. L. Kaplan, P. Meier, Nonparametric Estimation from Incomplete Observations, Journal of the American \
     Statistical Association 53, 1958",
    "E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, Journal of the American \
     Statistical Association 22, 1927",
    "P. S. Kott, The Delete-a-Group Jackknife, Journal of Official Statistics 17, 2001",
];
