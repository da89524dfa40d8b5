using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Merchants;
using OrleansPayments.Payments;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation;

/// <summary>Where a merchant stands binds its keys, and its payments tell how they fare; on the real grains, in virtual time.</summary>
public sealed class MerchantTests
{
    private static readonly ApiKeyId Key = ApiKeyId.FromIdempotencyKey("simulation", "keys", "0");

    [Fact]
    public void However_requests_and_a_change_meet_whoever_starts_after_its_answer_is_bound()
    {
        var seen = new HashSet<(MerchantStatus Before, bool DuringChange)>();
        for (var seed = 1; seed <= 300; seed++)
        {
            var stage = new ConnectorStage((ulong)seed);
            stage.Play(async () =>
            {
                await Prepare(stage);

                // In a new silo nothing is in memory: the key's activation, its question and the change meet.
                if (stage.Random.Chance(0.7)) stage.Silo.Crash();
                if (!stage.Silo.Process.IsAlive) stage.StartSilo();
                var status = MerchantStatus.Active;
                foreach (var next in (MerchantStatus[])[MerchantStatus.Suspended, MerchantStatus.Active, MerchantStatus.Closed])
                {
                    var early = Enumerable.Range(0, 4).Select(async _ =>
                    {
                        await stage.Wait(stage.Random.Next(12));
                        return await Standing(stage);
                    }).ToList();
                    await stage.Wait(stage.Random.Next(8));
                    Assert.True((await Change(stage, next)).TryGet(out _, out _));
                    Assert.Equal(next, await Standing(stage));
                    foreach (var answer in await Task.WhenAll(early))
                    {
                        Assert.Contains(answer, new[] { status, next });
                        seen.Add((answer, answer == status));
                    }

                    Assert.Equal(next, await Standing(stage));
                    status = next;
                }
            });
            Assert.Empty(stage.Errors);
        }

        // Both sides of the change were seen.
        Assert.Contains((MerchantStatus.Active, true), seen);
        Assert.Contains((MerchantStatus.Suspended, false), seen);
    }

    [Fact]
    public void A_change_survives_a_crash_and_a_repetition_is_answered_as_the_first()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await Prepare(stage);
            var first = (await Change(stage, MerchantStatus.Suspended, "k")).Value!;
            Assert.False(first.Replayed);
            await Change(stage, MerchantStatus.Active);
            stage.Silo.Crash();
            stage.StartSilo();
            Assert.Equal(MerchantStatus.Active, await Standing(stage));
            var again = (await Change(stage, MerchantStatus.Suspended, "k")).Value!;
            Assert.Equal((true, first.Merchant), (again.Replayed, again.Merchant));
            Assert.Equal(MerchantStatus.Active, await Standing(stage));
            Assert.Equal(RefusalCode.IdempotencyMismatch, (await Change(stage, MerchantStatus.Suspended, "k", "other")).Refusal!.Code);
        });
    }

    [Fact]
    public void A_repeated_change_writes_nothing_and_the_requests_that_are_remembered_are_bounded()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await Prepare(stage);
            var version = (await Change(stage, MerchantStatus.Suspended)).Value!.Merchant.Version;
            var again = (await Change(stage, MerchantStatus.Suspended)).Value!;
            Assert.Equal((version, false), (again.Merchant.Version, again.Replayed));

            // What found nothing to change is remembered, too: repeated after an activation it must not suspend anew.
            Assert.False((await Change(stage, MerchantStatus.Suspended, "first")).Value!.Replayed);
            for (var n = 0; n < 99; n++) await Change(stage, n % 2 == 0 ? MerchantStatus.Active : MerchantStatus.Suspended, $"key {n}");
            Assert.True((await Change(stage, MerchantStatus.Suspended, "first")).Value!.Replayed);
            await Change(stage, MerchantStatus.Suspended, "one more");
            Assert.False((await Change(stage, MerchantStatus.Suspended, "first")).Value!.Replayed);
        });
    }

    [Fact]
    public void A_closed_merchant_is_configured_no_more_and_its_keys_can_be_revoked()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await Prepare(stage);
            await Change(stage, MerchantStatus.Closed);
            var merchant = stage.Grains.Merchant(ConnectorStage.Merchant);
            Assert.Equal(RefusalCode.InvalidState, (await stage.Silo.Call(_ => merchant.Update(new UpdateMerchant("x", null, null)))).Refusal!.Code);
            Assert.Equal(RefusalCode.InvalidState, (await stage.Silo.Call(_ => merchant.ConfigureRouting(Routing.RoutingConfiguration.Default))).Refusal!.Code);
            Assert.Equal(RefusalCode.InvalidState, (await stage.Silo.Call(_ => merchant.IssueApiKey(Issue("1")))).Refusal!.Code);
            Assert.Equal(RefusalCode.InvalidState, (await Change(stage, MerchantStatus.Active)).Refusal!.Code);

            // The repetition of what was asked for before is answered.
            Assert.True((await stage.Silo.Call(_ => merchant.IssueApiKey(Issue("0")))).Value!.Replayed);
            Assert.True((await stage.Silo.Call(_ => merchant.RevokeApiKey(Key))).TryGet(out _, out _));
            Assert.Null(await stage.Silo.Call(grains => grains.ApiKey(Key).Authenticate("hash")));
        });
    }

    [Fact]
    public void Where_the_merchant_stands_an_older_word_changes_nothing()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await Prepare(stage);
            var version = (await Change(stage, MerchantStatus.Suspended)).Value!.Merchant.Version;
            await stage.Silo.Call(async grains =>
            {
                await grains.ApiKey(Key).FollowMerchant(MerchantStatus.Active, version - 1);
                return true;
            });
            Assert.Equal(MerchantStatus.Suspended, await Standing(stage));
        });
    }

    [Fact]
    public void Its_payments_are_counted_once_each_without_a_write_of_its_own_and_forgotten_with_the_activation()
    {
        var stage = new ConnectorStage(1);
        stage.Play(async () =>
        {
            await Prepare(stage);
            await stage.CreateConnector(HealthSettings.Default);
            var entries = stage.Entries(ConnectorStage.Merchant.Value).Count;
            for (var n = 0; n < 5; n++) await stage.Pay($"p{n}", amount: 100 + n);
            await stage.Pay("p0", amount: 100);
            await stage.Wait(1);
            var health = await Health(stage);
            Assert.Equal(5, health.Approved + health.Declined + health.Failed + health.Unknown);
            Assert.True(health.Approved > 0);
            Assert.Equal(health.Approved, Assert.Single(health.Volumes).Payments);
            Assert.NotNull(health.Latency);
            Assert.Equal(entries, stage.Entries(ConnectorStage.Merchant.Value).Count);

            // Longer than idle grains are kept.
            await stage.Wait(20 * 60_000);
            Assert.Equal(health.Approved, (await Health(stage)).Approved);
            stage.Silo.Crash();
            stage.StartSilo();
            Assert.Equal((0, null), ((await Health(stage)).Approved, (await Health(stage)).LastPaymentAt));
        });
        Assert.Empty(stage.Errors);
    }

    private static async Task Prepare(ConnectorStage stage)
    {
        await stage.CreateMerchant();
        Assert.True((await stage.Silo.Call(grains => grains.Merchant(ConnectorStage.Merchant).IssueApiKey(Issue("0")))).TryGet(out _, out _));
    }

    private static IssueApiKey Issue(string key) =>
        new(ApiKeyId.FromIdempotencyKey("simulation", "keys", key), "server", ImmutableArray.Create(Permissions.All), "hash", "fingerprint");

    private static async Task<MerchantStatus> Standing(ConnectorStage stage) =>
        (await stage.Silo.Call(grains => grains.ApiKey(Key).Authenticate("hash")))!.MerchantStatus;

    private static Task<Outcome<MerchantAnswer>> Change(ConnectorStage stage, MerchantStatus status, string? key = null, string fingerprint = "fingerprint") =>
        stage.Silo.Call(grains => grains.Merchant(ConnectorStage.Merchant).ChangeStatus(
            new ChangeMerchantStatus(status, "why", key is null ? null : new RequestIdentity(key, fingerprint))));

    private static async Task<MerchantHealthView> Health(ConnectorStage stage) =>
        (await stage.Silo.Call(grains => grains.Merchant(ConnectorStage.Merchant).GetHealth()))!;
}
