create table referral_claim (
    part bigint not null,
    click bigint not null,
    member bigint not null,
    claimed_at bigint not null,
    id_key (part, click)
);

create table referral_forgotten (
    part bigint not null,
    visitor bytes not null,
    forgotten_at bigint not null,
    primary key (part, visitor)
) narrow;

create index referral_touch_click on referral_touch time_key (part, click);
