using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests.Life;

/// <summary>Merchants who never confirm and payers who never come back, with a silo that waits two seconds for either, restarts included.</summary>
public sealed class ExpiryTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private Simulator _simulator = null!;
    private SiloInProcess _silo = null!;

    public async Task InitializeAsync()
    {
        _simulator = await Simulator.StartAsync();
        _silo = await StartAsync();
    }

    [Fact]
    public async Task What_is_not_confirmed_or_not_acted_on_in_time_fails_and_nothing_is_charged()
    {
        using var shop = await Shop.OpenAsync(_silo.Admin, _simulator, "expiry");
        var created = await shop.PayAsync(BodyOf("4242424242424242", confirm: false));
        var acting = await shop.PayAsync(BodyOf("4000002760003184", confirm: true));
        foreach (var payment in new[] { created, acting })
        {
            var ended = await EndAsync(shop, payment);
            Assert.Equal(("failed", "payment_expired", null), ((string)ended["status"]!, (string)ended["last_error"]!["code"]!, ended["expires_at"]));
        }

        Assert.Equal("A payment that is failed cannot be confirmed.", (string)(await ConfirmAsync(shop, created)).Expect(HttpStatusCode.Conflict)["detail"]!);

        // The bank's page is dead, too: the charge was taken back at the provider.
        var charges = await _simulator.ChargesAsync(shop.Account);
        Assert.DoesNotContain(charges, charge => (int)charge["amount_captured"]! > 0);
        Assert.Single(await _simulator.SendingsAsync(shop.Account), request => ((string)request["path"]!).EndsWith("/cancel", StringComparison.Ordinal));
        await Payer.AnswerAsync(new Uri((string)acting["next_action"]!["url"]!), "complete");
        Assert.Equal("failed", (string)(await shop.Api.GetAsync($"/payments/{Id(acting)}?sync=true")).Json["status"]!);
        Assert.DoesNotContain(await _simulator.ChargesAsync(shop.Account), charge => (int)charge["amount_captured"]! > 0);
    }

    [Fact]
    public async Task A_payer_who_is_faster_than_the_expiry_has_paid()
    {
        using var shop = await Shop.OpenAsync(_silo.Admin, _simulator, "faster");
        var acting = await shop.PayAsync(BodyOf("4000002760003184", confirm: true));
        await Payer.AnswerAsync(new Uri((string)acting["next_action"]!["url"]!), "complete");
        Assert.Equal("captured", (string)(await EndAsync(shop, acting))["status"]!);
        await _simulator.OnlyChargeAsync(shop.Account);
    }

    [Fact]
    public async Task Time_runs_while_no_silo_does()
    {
        using var shop = await Shop.OpenAsync(_silo.Admin, _simulator, "restart");
        var created = await shop.PayAsync(BodyOf("4242424242424242", confirm: false));
        var acting = await shop.PayAsync(BodyOf("4000002760003184", confirm: true));
        await _silo.DisposeAsync();
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        _silo = await StartAsync();
        using var again = _silo.Admin.As(shop.Key);

        // Nobody asks for them by id: the sweeper wakes them.
        await Eventually.TrueAsync("both expired", Patience, async () =>
            (await again.GetAsync("/payments?status=failed")).Expect(HttpStatusCode.OK)["data"]!.AsArray().Select(listed => (string)listed!["id"]!).ToHashSet()
                .SetEquals([Id(created), Id(acting)]));
        Assert.DoesNotContain(await _simulator.ChargesAsync(shop.Account), charge => (int)charge["amount_captured"]! > 0);
    }

    [Fact]
    public async Task A_card_survives_a_restart_for_its_confirmation()
    {
        await _silo.DisposeAsync();
        _silo = await StartAsync(confirmWithin: "00:01:00");
        using var shop = await Shop.OpenAsync(_silo.Admin, _simulator, "kept");
        var created = await shop.PayAsync(BodyOf("4242424242424242", confirm: false));
        await _silo.DisposeAsync();
        _silo = await StartAsync();
        using var again = _silo.Admin.As(shop.Key);
        Assert.Equal("captured", (string)(await again.PostAsync($"/payments/{Id(created)}/confirm", new JsonObject())).Expect(HttpStatusCode.OK)["status"]!);
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    private Task<SiloInProcess> StartAsync(string confirmWithin = "00:00:02") => SiloInProcess.StartAsync(
        _folder.Path, null, "--Payments:ConfirmWithin", confirmWithin, "--Payments:ActWithin", "00:00:02", "--Sweeper:Interval", "00:00:01");

    private static Task<JsonObject> EndAsync(Shop shop, JsonObject payment) => Eventually.GetAsync($"the end of {Id(payment)}", Patience, async () =>
    {
        var present = (await shop.Api.GetAsync("/payments/" + Id(payment))).Expect(HttpStatusCode.OK).Json;
        return (string)present["status"]! is "created" or "requires_action" or "processing" ? null : present;
    });

    private static JsonObject BodyOf(string card, bool confirm)
    {
        var body = Bodies.Payment(card);
        body["confirm"] = confirm;
        body["return_url"] = "https://shop.example/";
        return body;
    }

    private static Task<ApiAnswer> ConfirmAsync(Shop shop, JsonObject payment) => shop.Api.PostAsync($"/payments/{Id(payment)}/confirm", new JsonObject());

    private static string Id(JsonObject payment) => (string)payment["id"]!;
}
