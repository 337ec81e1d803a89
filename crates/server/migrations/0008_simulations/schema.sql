create table simulation (
    part bigint not null,
    id bigint not null,
    staff bigint not null,
    started_at bigint not null,
    seen_at bigint not null,
    against bigint not null,
    state text not null,
    progress bigint not null,
    result bytes not null,
    primary key (part, id)
);
