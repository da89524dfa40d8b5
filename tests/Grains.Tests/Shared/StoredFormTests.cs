using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Idempotency;
using OrleansPayments.Grains.Merchants;
using OrleansPayments.Grains.Routing;
using OrleansPayments.Grains.Routing.Replay;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Merchants;
using OrleansPayments.Payments;
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
    public void Of_a_merchants_life() => Check(
        MerchantJson.Default.MerchantEventArray,
        """
        [{"type":"merchant.updated","name":"Other","country":"MY","default_currency":"JPY"},{"type":"merchant.updated"},{"type":"merchant.suspended","reason":"r","request":{"key":"k","fingerprint":"f"}},{"type":"merchant.activated","reason":"r","request":{"key":"k","fingerprint":"f"}},{"type":"merchant.closed"}]
        """,
        new MerchantUpdated("Other", "MY", Currency.Parse("JPY")),
        new MerchantUpdated(null, null, null),
        new MerchantSuspended("r", new RequestIdentity("k", "f")),
        new MerchantActivated("r", new RequestIdentity("k", "f")),
        new MerchantClosed(null, null));

    [Fact]
    public void Of_a_connectors_circuit() => Check(
        ConnectorJson.Default.CircuitLogEventArray,
        """
        [{"type":"connector.circuit_opened","at":"1970-01-01T00:00:00+00:00","calls":5,"success_rate":0.2,"failures":{"refused":1,"unknown":2,"not_sent":1},"flaps":3},{"type":"connector.circuit_opened","at":"1970-01-01T00:00:00+00:00","calls":0,"failures":{"refused":0,"unknown":0,"not_sent":0}},{"type":"connector.circuit_closed","at":"1970-01-01T00:00:00+00:00","calls":1,"success_rate":1,"failures":{"refused":0,"unknown":0,"not_sent":0}}]
        """,
        new CircuitOpened(DateTimeOffset.UnixEpoch, 5, 0.2, new TechnicalFailures(1, 2, 1), 3),
        new CircuitOpened(DateTimeOffset.UnixEpoch, 0, null, new TechnicalFailures(0, 0, 0)),
        new CircuitClosed(DateTimeOffset.UnixEpoch, 1, 1, new TechnicalFailures(0, 0, 0)));

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
    public void Of_a_connector_that_was_changed() => Check(
        ConnectorJson.Default.ConnectorEventArray,
        """
        [{"type":"connector.settings_changed","settings":{"enabled":false,"priority":1,"timeout_ms":2000,"capabilities":{"methods":["card"],"currencies":["*"],"countries":["SG"],"networks":["visa","amex"],"amounts":[{"currency":"USD","min":50,"max":100000000},{"currency":"*","min":1}]},"fees":[{"method":"card","currency":"*","rate_bps":290,"fixed":30,"network":"visa","effective_from":"2026-01-01T00:00:00+00:00","effective_until":"2026-07-01T00:00:00+00:00"},{"method":"*","currency":"*","rate_bps":1,"fixed":0}],"health":{"window_seconds":60,"min_calls":20,"open_below_success_rate":0.5,"open_seconds":30},"inquiry":{"first_after_ms":500,"not_found_final_after_seconds":120,"give_up_after_seconds":10800},"draining":true}},{"type":"connector.credentials_replaced","sealed_credentials":"AQID"}]
        """,
        new ConnectorSettingsChanged(new ConnectorSettings(
            false, 1, 2000,
            new ConnectorCapabilities(["card"], ["*"], ["SG"], ["visa", "amex"], [new AmountRange("USD", 50, 100_000_000), new AmountRange("*", 1, null)]),
            [
                new ConnectorFee("card", "*", 290, 30, "visa", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 7, 1, 0, 0, 0, TimeSpan.Zero)),
                new ConnectorFee("*", "*", 1, 0),
            ],
            HealthSettings.Default, InquirySettings.Default, null, Draining: true)),
        new ConnectorCredentialsReplaced([1, 2, 3]));

    [Fact]
    public void Of_a_rule_on_countries() => Check(
        MerchantJson.Default.MerchantEventArray,
        """
        [{"type":"merchant.routing_configured","configuration":{"strategy":"rules","order":[],"split":[],"rules":[{"when":{"currencies":[],"methods":[],"networks":[],"bin_prefixes":[],"metadata":{},"countries":["SG"]},"use":["card-a"]}]}}]
        """,
        new RoutingConfigured(RoutingConfiguration.Default with
        {
            Strategy = "rules",
            Rules = [new RoutingRule(new RoutingConditions([], null, null, [], [], [], ImmutableSortedDictionary<string, string>.Empty, ["SG"]), ["card-a"], null)],
        }));

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

    [Fact]
    public void Of_a_replay_of_routing() => Check(
        RoutingReplayJson.Default.RoutingReplayEventArray,
        """
        [{"type":"replay.requested","terms":{"merchant_id":"mer_014d2pf2dbsqqg28t5cy4trzff","from":"1970-01-01T00:00:00+00:00","until":"1970-01-02T00:00:00+00:00","policy":{"strategy":"priority","order":[],"split":[],"rules":[]},"fees":[{"connector":"card-a","fees":[{"method":"card","currency":"*","rate_bps":290,"fixed":30}]}]},"request_fingerprint":"f"},{"type":"replay.started","place":{"left":[{"shard":3,"after":7,"last":9}]}},{"type":"replay.progressed","place":{"left":[]},"figures":{"decisions":2,"changed":1,"not_comparable":[{"reason":"terms_not_stored","decisions":3}],"cells":[{"currency":"USD","from":"card-a","decisions":1,"amount":2,"fee_before":3,"fee_after":4,"weighted_before":5.0001,"weighted_after":6,"value_before":7.5,"value_after":8}]},"duration_ms":12},{"type":"replay.succeeded","figures":{"decisions":0,"changed":0,"not_comparable":[],"cells":[]},"duration_ms":13},{"type":"replay.failed","code":"history_unavailable"},{"type":"replay.cancelled"}]
        """,
        new ReplayRequested(
            new RoutingReplayTerms(
                Samples.Merchant, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), RoutingConfiguration.Default,
                [new DraftFees("card-a", [new ConnectorFee("card", "*", 290, 30)])]),
            "f"),
        new ReplayStarted(new RoutingHistoryPlace([new RoutingHistorySpan(3, 7, 9)])),
        new ReplayProgressed(
            new RoutingHistoryPlace([]),
            new RoutingReplayFigures(2, 1, [new RoutingReplayCount("terms_not_stored", 3)], [new RoutingReplayCell("USD", "card-a", null, 1, 2, 3, 4, 5.0001m, 6, 7.5m, 8)]),
            12),
        new ReplaySucceeded(RoutingReplayFigures.None, 13),
        new ReplayFailed("history_unavailable"),
        new ReplayCancelled());

    [Fact]
    public void Of_the_queue_of_replays() => Check(
        RoutingReplayJson.Default.RoutingReplaysEventArray,
        """[{"type":"replays.queued","id":"rpl_014d2pf2dbsqqg28t5cy4trzff"},{"type":"replays.ended","id":"rpl_014d2pf2dbsqqg28t5cy4trzff"}]""",
        new ReplayQueued(RoutingReplayId.Parse("rpl_014d2pf2dbsqqg28t5cy4trzff")),
        new ReplayEnded(RoutingReplayId.Parse("rpl_014d2pf2dbsqqg28t5cy4trzff")));

    private static void Check<TEvent>(JsonTypeInfo<TEvent[]> json, string pinned, params TEvent[] events)
    {
        Assert.Equal(pinned.Trim(), JsonSerializer.Serialize(events, json));
        Assert.Equal(pinned.Trim(), JsonSerializer.Serialize(JsonSerializer.Deserialize(pinned, json)!, json));
    }
}
