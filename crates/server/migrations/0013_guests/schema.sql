create table guest_order (
    part bigint not null,
    name text not null,
    placed_at bigint not null,
    amount bigint not null,
    counted bigint not null,
    counted_in bigint,
    counted_day bigint,
    counted_amount bigint,
    primary key (part, name)
);
create index guest_order_counted on guest_order (part, counted);
