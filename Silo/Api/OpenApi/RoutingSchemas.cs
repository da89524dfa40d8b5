using Microsoft.OpenApi;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Api.Connectors;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Routing;
using static OrleansPayments.Silo.Api.OpenApi.Schemas;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>The bodies about routing.</summary>
internal static class RoutingSchemas
{
    private const long MaxCost = 1_000_000_000_000_000;

    public static OpenApiSchema ConfigureRouting() => Request(
        "strategy",
        ("strategy", OneOf(RoutingStrategies.All)),
        ("weights", Weights(Request)),
        ("order", Connectors()),
        ("split", Split()),
        ("rules", Schemas.Array(Rule(Request, "when"), RoutingConfigurationRequest.MaxRules)),
        ("otherwise", OneOf(RoutingConfigurationRequest.Otherwise, RoutingStrategies.Priority)),
        ("failover", Failover(Request)));

    public static OpenApiSchema MerchantRouting() => Answer(
        ("merchant_id", Id("mer_")),
        ("object", OneOf(["merchant_routing"])),
        ("strategy", OneOf(RoutingStrategies.All)),
        ("weights", Weights(AnswerOf).OrNull()),
        ("order", Connectors().OrNull()),
        ("split", Split().OrNull()),
        ("rules", Schemas.Array(Rule(AnswerOf, ""), RoutingConfigurationRequest.MaxRules).OrNull()),
        ("otherwise", OneOf(RoutingConfigurationRequest.Otherwise).OrNull()),
        ("failover", Failover(AnswerOf)),
        ("configured_at", Time().OrNull()));

    public static OpenApiSchema Preview() => Answer(("strategy", Text(1, 64)), ("rule", RulePosition()), ("chosen", ConnectorName().OrNull()), ("candidates", Candidates()));

    public static OpenApiSchema PaymentRouting() => Answer(
        ("strategy", Text(1, 64).OrNull()), ("rule", RulePosition()), ("decided_at", Time().OrNull()), ("chosen", ConnectorName().OrNull()),
        ("candidates", Candidates()));

    /// <summary>A configuration that is nobody's.</summary>
    public static OpenApiSchema Policy() => Answer(
        ("strategy", OneOf(RoutingStrategies.All)),
        ("weights", Weights(AnswerOf).OrNull()),
        ("order", Connectors().OrNull()),
        ("split", Split().OrNull()),
        ("rules", Schemas.Array(Rule(AnswerOf, ""), RoutingConfigurationRequest.MaxRules).OrNull()),
        ("otherwise", OneOf(RoutingConfigurationRequest.Otherwise).OrNull()));

    public static OpenApiSchema AnsweredWeights() => Weights(AnswerOf);

    private delegate OpenApiSchema ObjectOf(string required, params ReadOnlySpan<(string Name, IOpenApiSchema Schema)> members);

    private static OpenApiSchema AnswerOf(string required, params ReadOnlySpan<(string Name, IOpenApiSchema Schema)> members) => Answer(members);

    private static OpenApiSchema Weights(ObjectOf objectOf) => objectOf(
        "fee time risk", ("fee", Weight()), ("time", Weight()), ("risk", Weight()));

    private static OpenApiSchema Failover(ObjectOf objectOf) => objectOf(
        "", ("max_attempts", Integer(1, FailoverSettings.MostAttempts)), ("on_decline", Schemas.Boolean()));

    private static OpenApiSchema Weight() => Number(0, RoutingConfigurationRequest.MaxWeight);

    private static OpenApiSchema Connectors() => Schemas.Array(ConnectorName(), RoutingConfigurationRequest.MaxConnectors);

    private static OpenApiSchema Split() =>
        Map(RoutingConfigurationRequest.MaxConnectors, Integer(1, RoutingConfigurationRequest.MaxShare), "Connectors by name with their shares of the sum.");

    private static OpenApiSchema Rule(ObjectOf objectOf, string required)
    {
        // In answers every member is there and may be null; in requests those that are not wanted are left out.
        OpenApiSchema Optional(OpenApiSchema schema) => required.Length > 0 ? schema : schema.OrNull();
        return objectOf(
            required,
            ("when", objectOf(
                "",
                ("currency", Optional(Values(Currency()))),
                ("amount", Optional(objectOf(
                    "", ("gte", Optional(Integer(1, PaymentRequest.MaxAmount))), ("lte", Optional(Integer(1, PaymentRequest.MaxAmount)))))),
                ("method", Optional(Values(OneOf(ConnectorMembers.Methods)))),
                ("network", Optional(Values(OneOf(RoutingConfigurationRequest.Networks)))),
                ("bin", Optional(Values(Pattern("^[0-9]{1,6}$")))),
                ("metadata", Optional(Map(PaymentRequest.MetadataLimits.MaxCount, Text(0, PaymentRequest.MetadataLimits.MaxValueLength)))),
                ("country", Optional(Values(Pattern("^[A-Z]{2}$")))))),
            ("use", Optional(Connectors())),
            ("weights", Optional(Weights(objectOf))));
    }

    private static OpenApiSchema Values(OpenApiSchema value) => Schemas.Array(value, RoutingConfigurationRequest.MaxValues);

    private static OpenApiSchema RulePosition() => Integer(0, RoutingConfigurationRequest.MaxRules - 1, description: "Of the rule that held, 0 for the first.").OrNull();

    private static OpenApiSchema Candidates() => Schemas.Array(Answer(
        ("connector", ConnectorName()),
        ("eligible", Schemas.Boolean()),
        ("reason", Text(1, 64, "Why it is out, or by what it comes behind the first.").OrNull()),
        ("fee", Integer(0, MaxCost, description: "Minor units.").OrNull()),
        ("time", Term().OrNull()),
        ("risk", Term().OrNull()),
        ("success_rate", Number(0, 1).OrNull()),
        ("cost", Term().OrNull()),
        ("rank", Integer(1, 1000).OrNull())));

    // In minor units and parts of them.
    private static OpenApiSchema Term() => Number(-MaxCost, MaxCost);
}
