using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Idempotency;
using OrleansPayments.Grains.Merchants;
using OrleansPayments.Grains.Routing;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Merchants;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Shared;

/// <summary>The stored form of every other entity's events. What was written must be readable for ever: a difference here is a migration.</summary>
public sealed class StoredFormTests
{
    private static readonly ApiKeyId Key = ApiKeyId.Parse("key_014d2pf2dbsqqg28t5cy4tqkff");

    [Fact]
    public void Of_a_merchant() => Check(
        MerchantJson.Default.MerchantEventArray,
        """
        [{"type":"merchant.created","name":"Demo","country":"SG","default_currency":"USD","request_fingerprint":"f"},{"type":"merchant.api_key_listed","key_id":"key_014d2pf2dbsqqg28t5cy4tqkff","name":"server","permissions":["*"],"created_at":"1970-01-01T00:00:00+00:00"},{"type":"merchant.api_key_revoked","key_id":"key_014d2pf2dbsqqg28t5cy4tqkff","revoked_at":"1970-01-01T00:00:00+00:00"}]
        """,
        new MerchantCreated("Demo", "SG", Currency.Parse("USD"), "f"),
        new ApiKeyListed(Key, "server", ["*"], DateTimeOffset.UnixEpoch),
        new ApiKeyDelisted(Key, DateTimeOffset.UnixEpoch));

    [Fact]
    public void Of_a_merchants_routing() => Check(
        MerchantJson.Default.MerchantEventArray,
        """
        [{"type":"merchant.routing_configured","configuration":{"strategy":"rules","weights":{"fee":0.6,"time":0.3,"risk":0.1},"order":["card-a"],"split":[{"connector":"card-a","share":70}],"rules":[{"when":{"currencies":["JPY"],"amount_gte":1000,"amount_lte":2000,"methods":["card"],"networks":["visa"],"bin_prefixes":["42"],"metadata":{"k":"v"}},"use":["card-b"]},{"when":{"currencies":[],"methods":[],"networks":[],"bin_prefixes":[],"metadata":{}},"use":[],"weights":{"fee":1,"time":0,"risk":0}}],"otherwise":"weighted_cost"}},{"type":"merchant.routing_configured","configuration":{"strategy":"priority","order":[],"split":[],"rules":[]}},{"type":"merchant.routing_configured","configuration":{"strategy":"priority","order":[],"split":[],"rules":[],"failover":{"max_attempts":3,"on_decline":false}}}]
        """,
        new RoutingConfigured(new RoutingConfiguration(
            "rules", RoutingWeights.Default, ["card-a"], [new RoutingShare("card-a", 70)],
            [
                new RoutingRule(
                    new RoutingConditions(["JPY"], 1000, 2000, ["card"], ["visa"], ["42"], ImmutableSortedDictionary<string, string>.Empty.Add("k", "v")),
                    ["card-b"], null),
                new RoutingRule(
                    new RoutingConditions([], null, null, [], [], [], ImmutableSortedDictionary<string, string>.Empty), [], new RoutingWeights(1, 0, 0)),
            ],
            "weighted_cost")),
        new RoutingConfigured(RoutingConfiguration.Default),
        new RoutingConfigured(RoutingConfiguration.Default with { Failover = new FailoverSettings(3, false) }));

    [Fact]
    public void Of_an_api_key() => Check(
        MerchantJson.Default.ApiKeyEventArray,
        """
        [{"type":"api_key.issued","merchant_id":"mer_014d2pf2dbsqqg28t5cy4trzff","name":"server","permissions":["payments:read"],"secret_hash":"h","request_fingerprint":"f"},{"type":"api_key.revoked"}]
        """,
        new ApiKeyIssued(Samples.Merchant, "server", [Permissions.PaymentsRead], "h", "f"),
        new ApiKeyRevoked());

    [Fact]
    public void Of_a_connector() => Check(
        ConnectorJson.Default.ConnectorEventArray,
        """
        [{"type":"connector.created","provider":"stripe","settings":{"enabled":true,"priority":1,"timeout_ms":2000,"capabilities":{"methods":["card"],"currencies":["*"],"countries":["*"]},"fees":[{"method":"card","currency":"*","rate_bps":290,"fixed":30}],"health":{"window_seconds":60,"min_calls":20,"open_below_success_rate":0.5,"open_seconds":30},"inquiry":{"first_after_ms":500,"not_found_final_after_seconds":120,"give_up_after_seconds":10800},"merchant_id":"mer_014d2pf2dbsqqg28t5cy4trzff"},"sealed_credentials":"AQID","creation_key":"k"}]
        """,
        new ConnectorCreated(
            "stripe",
            new ConnectorSettings(
                true, 1, 2000, new ConnectorCapabilities(["card"], ["*"], ["*"]), [new ConnectorFee("card", "*", 290, 30)], HealthSettings.Default,
                InquirySettings.Default, Samples.Merchant),
            [1, 2, 3],
            "k"));

    [Fact]
    public void A_connector_from_before_there_was_giving_up_does_so_by_default()
    {
        var settings = JsonSerializer.Deserialize(
            """
            [{"type":"connector.created","provider":"stripe","settings":{"enabled":true,"priority":1,"timeout_ms":2000,"capabilities":{"methods":["card"],"currencies":["*"],"countries":["*"]},"fees":[],"health":{"window_seconds":60,"min_calls":20,"open_below_success_rate":0.5,"open_seconds":30},"inquiry":{"first_after_ms":100,"not_found_final_after_seconds":7}},"sealed_credentials":"AQID","creation_key":"k"}]
            """,
            ConnectorJson.Default.ConnectorEventArray)!;
        Assert.Equal(new InquirySettings(100, 7, 10_800), Assert.IsType<ConnectorCreated>(Assert.Single(settings)).Settings.Inquiry);
    }

    [Fact]
    public void Of_a_connector_with_a_bulkhead_of_its_own() => Check(
        ConnectorJson.Default.ConnectorEventArray,
        """
        [{"type":"connector.created","provider":"stripe","settings":{"enabled":true,"priority":1,"timeout_ms":2000,"capabilities":{"methods":["card"],"currencies":["*"],"countries":["*"]},"fees":[],"health":{"window_seconds":60,"min_calls":20,"open_below_success_rate":0.5,"open_seconds":30},"inquiry":{"first_after_ms":500,"not_found_final_after_seconds":120,"give_up_after_seconds":10800},"max_in_flight":7},"sealed_credentials":"AQID","creation_key":"k"}]
        """,
        new ConnectorCreated(
            "stripe",
            new ConnectorSettings(
                true, 1, 2000, new ConnectorCapabilities(["card"], ["*"], ["*"]), [], HealthSettings.Default, InquirySettings.Default, null, MaxInFlight: 7),
            [1, 2, 3],
            "k"));

    [Fact]
    public void Of_the_directory_of_connectors() => Check(
        RoutingJson.Default.RoutingEventArray,
        """[{"type":"routing.connector_registered","connector":"card-a"}]""",
        new ConnectorRegistered(Samples.CardA));

    [Fact]
    public void Of_an_idempotency_key() => Check(
        IdempotencyJson.Default.IdempotencyEventArray,
        """[{"type":"idempotency_key.claimed","request_fingerprint":"f"}]""",
        new KeyClaimed("f"));

    private static void Check<TEvent>(JsonTypeInfo<TEvent[]> json, string pinned, params TEvent[] events)
    {
        Assert.Equal(pinned.Trim(), JsonSerializer.Serialize(events, json));
        Assert.Equal(pinned.Trim(), JsonSerializer.Serialize(JsonSerializer.Deserialize(pinned, json)!, json));
    }
}
