using Microsoft.OpenApi;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Connectors;
using OrleansPayments.Silo.Api.Routing;
using static OrleansPayments.Silo.Api.OpenApi.Schemas;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>The bodies about replays of routing.</summary>
internal static class RoutingReplaySchemas
{
    public static OpenApiSchema RequestReplay(OpenApiDocument document) => Request(
        "from policy",
        ("merchant_id", Id("mer_").OrNull()),
        ("from", Time()),
        ("until", Time().OrNull()),
        ("policy", new OpenApiSchemaReference("ConfigureRouting", document)),
        ("fees", Map(
            RoutingConfigurationRequest.MaxConnectors,
            Schemas.Array(ConnectorSchemas.FeeGiven(), ConnectorMembers.MaxFees),
            "Connectors by name, with the fees that they would have taken.").OrNull()));

    public static OpenApiSchema Replay() => Answer(
        ("id", Id("rpl_")),
        ("object", OneOf(["routing_replay"])),
        ("status", OneOf(["queued", "running", "succeeded", "failed", "cancelled"])),
        ("merchant_id", Id("mer_").OrNull()),
        ("from", Time()),
        ("until", Time()),
        ("policy", RoutingSchemas.Policy()),
        ("fees", Map(
            RoutingConfigurationRequest.MaxConnectors,
            Schemas.Array(ConnectorSchemas.FeeShown())).OrNull()),
        ("progress", Answer(("decisions", Count()), ("total", Count().OrNull()), ("percent", Number(0, 100)))),
        ("failure_code", OneOf(["history_unavailable", "history_unreadable", "sums_too_large", "internal_error"]).OrNull()),
        ("result", Result().OrNull()),
        ("created_at", Time()),
        ("started_at", Time().OrNull()),
        ("ended_at", Time().OrNull()));

    private static OpenApiSchema Result() => Answer(
        ("decisions", Count()),
        ("changed", Count()),
        ("not_comparable", Map(10, Count(), "Decisions that could not be replayed, by reason.")),
        ("weights", RoutingSchemas.AnsweredWeights()),
        ("currencies", Schemas.Array(Answer(
            ("currency", Currency()),
            ("decisions", Count()),
            ("changed", Count()),
            ("amount", Count()),
            ("unrouted", Answer(("before", Count()), ("after", Count()))),
            ("fee", Answer(("before", Count()), ("after", Count()), ("difference", Difference()))),
            ("weighted_cost", Costs()),
            ("expected_value", Costs()),
            ("connectors", Schemas.Array(Answer(("connector", Name()), ("before", Share()), ("after", Share())))),
            ("moves", Schemas.Array(Answer(
                ("from", Name().OrNull()), ("to", Name().OrNull()), ("decisions", Count()), ("amount", Count()), ("fee_difference", Difference().OrNull()))))))),
        ("duration_ms", Count()),
        ("decisions_per_second", Number(0, double.MaxValue)));

    private static OpenApiSchema Share() => Answer(("decisions", Count()), ("share", Number(0, 1)), ("amount", Count()), ("fee", Count()));

    private static OpenApiSchema Costs() => Answer(("before", Sum()), ("after", Sum()), ("difference", Sum()));

    private static OpenApiSchema Name() => Text(1, 64, $"A connector; {RoutingReplayCell.Others} for all together that have no place of their own.");

    private static OpenApiSchema Count() => Integer(0, long.MaxValue);

    private static OpenApiSchema Difference() => Integer(long.MinValue, long.MaxValue);

    // In minor units and parts of them.
    private static OpenApiSchema Sum() => new() { Type = JsonSchemaType.Number };
}
