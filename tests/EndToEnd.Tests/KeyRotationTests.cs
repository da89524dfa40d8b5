using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Persistence;
using OrleansPayments.Silo.Security;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>The master key of a real silo is exchanged while merchants pay.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class KeyRotationTests
{
    private const string Account = "rotated";

    [Fact]
    public async Task Three_rotations_under_load_fail_no_payment_and_change_nothing_that_a_merchant_sees()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        var masterKeys = new List<byte[]>();
        var keyFile = Path.Combine(folder.Path, "master.key");
        string merchantKey;
        ApiAnswer first, issued;
        PaymentId kept;
        await using (var silo = await SiloInProcess.StartAsync(folder.Path))
        {
            using var shop = await Shop.OpenAsync(silo.Admin, simulator, Account);
            merchantKey = shop.Key;
            first = (await shop.Api.PostAsync("/payments", Bodies.Payment(), "before")).Expect(HttpStatusCode.Created);
            issued = (await silo.Admin.PostAsync($"/merchants/{shop.MerchantId}/api_keys", Bodies.ApiKey("payments:read"), "issued before")).Expect(HttpStatusCode.Created);
            kept = PaymentId.Parse((string)first["id"]!);
            await silo.Services.GetRequiredService<ICardVault>().Store(kept, new CardDetails(Bodies.GoodCard, 12, 2035, null, null), DateTimeOffset.UtcNow.AddHours(1));

            using var enough = new CancellationTokenSource();
            var payments = Enumerable.Range(0, 8).Select(_ => Task.Run(() => PayUntilAsync(shop, enough.Token))).ToList();
            masterKeys.Add(Convert.FromBase64String((await File.ReadAllTextAsync(keyFile)).Trim()));
            var ids = new List<string>();
            for (var rotation = 0; rotation < 3; rotation++)
            {
                var rotated = (await silo.Admin.PostAsync("/master_key/rotate", new JsonObject(), string.Create(CultureInfo.InvariantCulture, $"rotation {rotation}")))
                    .Expect(HttpStatusCode.OK).Json;
                ids.Add((string)rotated["id"]!);
                masterKeys.Add(Convert.FromBase64String((await File.ReadAllTextAsync(keyFile)).Trim()));
                Assert.Equal(new MasterKey(masterKeys[^1]).Id, ids[^1]);
                Assert.Equal(KeyPurpose.All.Length + 1, (int)rotated["rewrapped_keys"]!);
            }

            Assert.Equal(3, ids.Distinct().Count());
            var repeated = (await silo.Admin.PostAsync("/master_key/rotate", new JsonObject(), "rotation 1")).Expect(HttpStatusCode.OK);
            Assert.Equal((ids[1], true), ((string)repeated["id"]!, repeated.Replayed));
            await enough.CancelAsync();
            var paid = (await Task.WhenAll(payments)).Sum();
            Assert.True(paid > 20, $"{paid} payments are no load.");
            Assert.Equal(paid + 1, (await simulator.ChargesAsync(Account)).Count);
            await AssertUnchangedAsync(silo, shop.Api, shop.MerchantId);
        }

        await using (var again = await SiloInProcess.StartAsync(folder.Path))
        {
            using var api = again.Admin.As(merchantKey);
            await AssertUnchangedAsync(again, api, (string)first["merchant_id"]!);

            // The credentials of the connector, sealed before it all, still open.
            Assert.Equal("captured", (string)(await api.PostAsync("/payments", Bodies.Payment())).Expect(HttpStatusCode.Created)["status"]!);
        }

        // The cluster is below the folder, or where the folder says.
        List<string> places = [folder.Path];
        var location = Path.Combine(folder.Path, "postgres.location");
        if (File.Exists(location)) places.Add((await File.ReadAllTextAsync(location)).Trim());
        Assert.NotEmpty(await new SecretSearch().For("the present key", Convert.ToBase64String(masterKeys[^1])).InFilesAsync(folder.Path));
        var search = new SecretSearch();
        for (var number = 0; number < masterKeys.Count - 1; number++) search.For(string.Create(CultureInfo.InvariantCulture, $"master key {number}"), masterKeys[number]);
        foreach (var place in places) Assert.Empty(await search.InFilesAsync(place));

        async Task AssertUnchangedAsync(SiloInProcess silo, Api api, string merchantId)
        {
            var again = (await api.PostAsync("/payments", Bodies.Payment(), "before")).Expect(HttpStatusCode.Created);
            Assert.Equal((first.Text, true), (again.Text, again.Replayed));
            JsonAssert.Problem(await api.PostAsync("/payments", Bodies.Payment(amount: 1), "before"), HttpStatusCode.UnprocessableEntity, "idempotency_mismatch");
            var shown = (await silo.Admin.PostAsync($"/merchants/{merchantId}/api_keys", Bodies.ApiKey("payments:read"), "issued before")).Expect(HttpStatusCode.Created);
            Assert.Equal((issued.Text, true), (shown.Text, shown.Replayed));
            using var reader = silo.Admin.As((string)issued["key"]!);
            (await reader.GetAsync("/payments/" + (string)first["id"]!)).Expect(HttpStatusCode.OK);
            Assert.Equal(Bodies.GoodCard, (await silo.Services.GetRequiredService<ICardVault>().Open(kept))!.Number);
        }
    }

    [Fact]
    public async Task A_silo_with_a_wrong_master_key_does_not_start_and_leaves_the_one_that_runs_alone()
    {
        using var folder = new TemporaryFolder();
        using var otherFolder = new TemporaryFolder();
        await using var database = await OwnDatabase.StartAsync();
        await using var simulator = await Simulator.StartAsync();
        await using var silo = await SiloInProcess.StartAsync(folder.Path, null, database.Settings);
        using var shop = await Shop.OpenAsync(silo.Admin, simulator, Account);
        var refused = await Assert.ThrowsAsync<SecurityFileException>(() => SiloInProcess.StartAsync(otherFolder.Path, null, database.Settings));
        Assert.Contains("master.key is missing", refused.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(otherFolder.Path, "master.key"), Convert.ToBase64String(new byte[32]));
        File.SetUnixFileMode(Path.Combine(otherFolder.Path, "master.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        refused = await Assert.ThrowsAsync<SecurityFileException>(() => SiloInProcess.StartAsync(otherFolder.Path, null, database.Settings));
        Assert.Contains(new MasterKey(new byte[32]).Id, refused.Message, StringComparison.Ordinal);
        Assert.Equal("captured", (string)(await shop.PayAsync())["status"]!);
    }

    [Fact]
    public async Task A_configured_master_key_is_exchanged_by_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        var (old, fresh) = (MasterKey.Generate().ToBase64(), MasterKey.Generate().ToBase64());
        string key;
        ApiAnswer first;
        await using (var silo = await SiloInProcess.StartAsync(folder.Path, null, "--Encryption:MasterKey", old))
        {
            using var shop = await Shop.OpenAsync(silo.Admin, simulator, Account);
            key = shop.Key;
            first = (await shop.Api.PostAsync("/payments", Bodies.Payment(), "before")).Expect(HttpStatusCode.Created);
            var refused = await silo.Admin.PostAsync("/master_key/rotate", new JsonObject());
            JsonAssert.Problem(refused, HttpStatusCode.Conflict, "master_key_configured");
        }

        await using (var silo = await SiloInProcess.StartAsync(folder.Path, null, "--Encryption:MasterKey", fresh, "--Encryption:PreviousMasterKey", old))
        {
            await AssertPaysAsync(silo);
        }

        await using (var silo = await SiloInProcess.StartAsync(folder.Path, null, "--Encryption:MasterKey", fresh)) await AssertPaysAsync(silo);
        await Assert.ThrowsAsync<SecurityFileException>(() => SiloInProcess.StartAsync(folder.Path, null, "--Encryption:MasterKey", old));
        Assert.False(File.Exists(Path.Combine(folder.Path, "master.key")));

        async Task AssertPaysAsync(SiloInProcess silo)
        {
            using var api = silo.Admin.As(key);
            Assert.Equal("captured", (string)(await api.PostAsync("/payments", Bodies.Payment())).Expect(HttpStatusCode.Created)["status"]!);
            var again = (await api.PostAsync("/payments", Bodies.Payment(), "before")).Expect(HttpStatusCode.Created);
            Assert.Equal((first.Text, true), (again.Text, again.Replayed));
            await using var rotations = silo.Services.GetRequiredService<PaymentsDatabase>().Source.CreateCommand(
                "SELECT count(*) FROM payments.master_key_rotation WHERE finished_at IS NOT NULL");
            await Eventually.TrueAsync("an exchanged key", TimeSpan.FromSeconds(10), async () => (long)(await rotations.ExecuteScalarAsync())! == 1);
        }
    }

    // What fails here fails the test, with its answer.
    private static async Task<int> PayUntilAsync(Shop shop, CancellationToken enough)
    {
        var paid = 0;
        for (; !enough.IsCancellationRequested; paid++)
        {
            var payment = await shop.PayAsync();
            Assert.Equal("captured", (string)payment["status"]!);
        }

        return paid;
    }
}
