using Microsoft.OpenApi;
using OrleansPayments.Connectors;
using OrleansPayments.Silo.Api.Connectors;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Routing;
using static OrleansPayments.Silo.Api.OpenApi.ComponentSchemas;
using static OrleansPayments.Silo.Api.OpenApi.Schemas;

namespace OrleansPayments.Silo.Api.OpenApi;

/// <summary>The bodies about connectors.</summary>
internal static class ConnectorSchemas
{
    public static OpenApiSchema CreateConnector()
    {
        var schema = Request(
            "name provider credentials",
            ("name", ConnectorName()),
            ("provider", Text(1, ConnectorRequest.MaxProviderLength, "The protocol that it speaks: stripe.")),
            ("merchant_id", Owner()),
            ("credentials", Credentials()));
        foreach (var (name, member) in Settings(Request)) schema.Properties!.Add(name, member);
        return schema;
    }

    public static OpenApiSchema UpdateConnector()
    {
        var schema = Request(
            "",
            ("version", Version().Saying("Changes nothing and is refused unless the connector has this version.")),
            ("credentials", Credentials().Saying("Take the place of all that there were. Write-only.")));
        foreach (var (name, member) in Settings(Request)) schema.Properties!.Add(name, WithoutDefaults(member));
        return schema;
    }

    public static OpenApiSchema Connector()
    {
        var schema = Answer(
            ("name", ConnectorName()), ("object", OneOf(["connector"])), ("provider", Text(1, ConnectorRequest.MaxProviderLength)),
            ("merchant_id", Owner()), ("version", Version()), ("created_at", Time()), ("updated_at", Time()));
        foreach (var (name, member) in Settings(static (_, members) => Answer(members)))
        {
            schema.Properties!.Add(name, member);
            schema.Required!.Add(name);
        }

        return schema;
    }

    public static OpenApiSchema ConnectorHealth() => Answer(
        ("connector", ConnectorName()),
        ("status", Status().Saying("While it is draining, in_flight goes to 0.")),
        ("state", OneOf(Enum.GetValues<CircuitState>().Select(ConnectorHealthBody.TextOf))),
        ("success_rate", Number(0, 1).OrNull().Saying("Technical successes / calls; null without calls.")),
        ("authorization_rate", Number(0, 1).OrNull().Saying("Approved / (approved + declined); null without either.")),
        ("calls", Integer(0, int.MaxValue)),
        ("failures", Failures()),
        ("latency_ms", Latency("null when nothing was sent.")),
        ("in_flight", Integer(0, ConnectorMembers.MostInFlight)),
        ("max_in_flight", Integer(1, ConnectorMembers.MostInFlight)),
        ("opened_at", Time().OrNull().Saying("Since when the circuit is not closed; null while it is.")),
        ("events", Schemas.Array(CircuitEvent(), ICircuitLogGrain.MaxEvents).Saying("Newest first; also from before a restart.")));

    private static OpenApiSchema CircuitEvent() => Answer(
        ("at", Time()),
        ("event", OneOf(CircuitEventBody.Names)),
        ("calls", Integer(0, int.MaxValue, description: "What the window held; of a closing, before it was forgotten.")),
        ("success_rate", Number(0, 1).OrNull()),
        ("failures", Failures()),
        ("flaps", Integer(0, int.MaxValue, description: "How many openings since the recorded one before were left out.")));

    private static OpenApiSchema Failures() =>
        Answer(("refused", Integer(0, int.MaxValue)), ("unknown", Integer(0, int.MaxValue)), ("not_sent", Integer(0, int.MaxValue)));

    private delegate OpenApiSchema ObjectOf(string required, params ReadOnlySpan<(string Name, IOpenApiSchema Schema)> members);

    private static (string Name, IOpenApiSchema Schema)[] Settings(ObjectOf objectOf) =>
    [
        ("enabled", Schemas.Boolean(true).Saying("True for the status enabled, false for draining and disabled. In a request without status, false means disabled.")),
        ("status", Status().Saying("draining takes no new charge; disabled no new charge, capture or refund.")),
        ("priority", Integer(0, ConnectorMembers.MaxPriority, ConnectorRequest.DefaultPriority, "Lower goes first.")),
        ("timeout_ms", Integer(ConnectorMembers.MinTimeoutMs, ConnectorMembers.MaxTimeoutMs, ConnectorRequest.DefaultTimeoutMs, "How long an attempt waits for the provider.")),
        ("max_in_flight", Integer(1, ConnectorMembers.MostInFlight, ConnectorSettings.DefaultMaxInFlight, "The most charges that wait for it at once.")),
        ("capabilities", objectOf(
            "",
            ("methods", Schemas.Array(OneOf([.. ConnectorMembers.Methods, ConnectorMembers.Any]))),
            ("currencies", Schemas.Array(Pattern(@"^([A-Z]{3}|\*)$"), ConnectorMembers.MaxCodes)),
            ("countries", Schemas.Array(Pattern(@"^([A-Z]{2}|\*)$"), ConnectorMembers.MaxCodes).Saying("Of the payment's billing, else of its merchant.")),
            ("networks", Schemas.Array(Network())),
            ("amounts", Schemas.Array(
                objectOf("", ("currency", Pattern(@"^([A-Z]{3}|\*)$")), ("min", Bound(0, objectOf)), ("max", Bound(1, objectOf))),
                ConnectorMembers.MaxCodes).Saying("One range for each currency, of which one bound may be missing; * is for those without one.")))),
        ("fees", Schemas.Array(Fee(objectOf), ConnectorMembers.MaxFees)),
        ("health", objectOf(
            "",
            ("window_seconds", Integer(1, 3600, HealthSettings.Default.WindowSeconds)),
            ("min_calls", Integer(1, 10_000, HealthSettings.Default.MinCalls)),
            ("open_below_success_rate", Number(0, 1, HealthSettings.Default.OpenBelowSuccessRate)),
            ("open_seconds", Integer(1, 3600, HealthSettings.Default.OpenSeconds)))),
        ("inquiry", objectOf(
            "",
            ("first_after_ms", Integer(100, 60_000, InquirySettings.Default.FirstAfterMs)),
            ("not_found_final_after_seconds", Integer(1, 86_400, InquirySettings.Default.NotFoundFinalAfterSeconds)),
            ("give_up_after_seconds", Integer(1, 2_592_000, InquirySettings.Default.GiveUpAfterSeconds)))),
    ];

    /// <summary>A fee as it is given.</summary>
    public static OpenApiSchema FeeGiven() => Fee(Request);

    /// <summary>A fee as it is shown.</summary>
    public static OpenApiSchema FeeShown() => Fee(static (_, members) => Answer(members));

    private static OpenApiSchema Fee(ObjectOf objectOf) => objectOf(
        "",
        ("method", OneOf([.. ConnectorMembers.Methods, ConnectorMembers.Any])),
        ("network", Network()),
        ("currency", Pattern(@"^([A-Z]{3}|\*)$")),
        ("rate_bps", Integer(0, 10_000, 0, "Basis points of the amount.")),
        ("fixed", Integer(0, ConnectorMembers.MaxFixedFee, 0, "Minor units of the payment's currency.")),
        ("effective_from", Moment("In force from then on.", objectOf)),
        ("effective_until", Moment("In force before then.", objectOf)));

    private static OpenApiSchema Owner() => Id("mer_").OrNull();

    private static OpenApiSchema Status() => OneOf(Enum.GetValues<ConnectorStatus>().Select(ConnectorMembers.NameOf));

    private static OpenApiSchema Network() => OneOf([.. RoutingConfigurationRequest.Networks, ConnectorMembers.Any]);

    // In answers they are there and may be null.
    private static OpenApiSchema Bound(long min, ObjectOf objectOf) =>
        OrNullInAnswers(Integer(min, PaymentRequest.MaxAmount, description: "Minor units of the payment's currency."), objectOf);

    private static OpenApiSchema Moment(string description, ObjectOf objectOf) => OrNullInAnswers(Time().Saying(description), objectOf);

    private static OpenApiSchema OrNullInAnswers(OpenApiSchema schema, ObjectOf objectOf) => objectOf == Request ? schema : schema.OrNull();

    private static OpenApiSchema Credentials() =>
        Map(ConnectorMembers.CredentialLimits.MaxCount, Text(1, ConnectorMembers.CredentialLimits.MaxValueLength), "As the provider names them. Write-only.");

    // What is left out of a change stays as it is.
    private static IOpenApiSchema WithoutDefaults(IOpenApiSchema member)
    {
        if (member is not OpenApiSchema schema) return member;
        schema.Default = null;
        if (schema.Items is { } items) WithoutDefaults(items);
        foreach (var inner in schema.Properties?.Values ?? []) WithoutDefaults(inner);
        return schema;
    }
}
