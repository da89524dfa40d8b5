using System.Net;
using System.Text.Json.Nodes;
using OrleansPayments.Testing.Support;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>What everybody may ask of the service.</summary>
[Collection(OneSilo.Name)]
public sealed class ServiceTests(SystemFixture system)
{
    [Fact]
    public async Task Health_readiness_and_the_description_are_open_to_everybody()
    {
        using var anybody = system.Silo.Admin.As(null);
        JsonAssert.Same(new JsonObject { ["status"] = "ok" }, (await anybody.GetAsync("/health")).Expect(HttpStatusCode.OK).Json);
        JsonAssert.Same(new JsonObject { ["status"] = "ready", ["reasons"] = new JsonArray() }, (await anybody.GetAsync("/ready")).Expect(HttpStatusCode.OK).Json);
        var description = (await anybody.GetAsync("/openapi/v1.json")).Expect(HttpStatusCode.OK);
        Assert.StartsWith("3.", (string)description["openapi"]!, StringComparison.Ordinal);
        Assert.NotNull(description["paths"]!["/api/v1/payments"]!["post"]);
        Assert.NotNull(description["paths"]!["/api/v1/payments/{id}"]!["get"]);
    }

    [Fact]
    public async Task What_does_not_exist_is_a_problem_too()
    {
        using var shop = await system.OpenShopAsync();
        JsonAssert.Problem(await shop.Api.GetAsync("/nothing"), HttpStatusCode.NotFound, "not_found");
        JsonAssert.Problem(await shop.Api.GetAsync("/payments/pay_nonsense"), HttpStatusCode.NotFound, "not_found");
        JsonAssert.Problem(await shop.Api.DeleteAsync("/payments"), HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        JsonAssert.Problem(await shop.Api.PostTextAsync("/payments", "{"), HttpStatusCode.BadRequest, "invalid_json");
    }
}

/// <summary>More at once than was allowed.</summary>
public sealed class OverloadTests
{
    [Fact]
    public async Task Payments_beyond_the_limit_are_sent_away_at_once_and_nothing_is_done()
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await Simulator.StartAsync();
        await using var silo = await SiloInProcess.StartAsync(folder.Path, null, "--Api:MaxPaymentsInFlight", "1");
        using var shop = await Shop.OpenAsync(silo.Admin, simulator, "busy");
        await simulator.AddFaultAsync("busy", "create", "slow", delayMs: 1_500);
        var running = shop.Api.PostAsync("/payments", Bodies.Payment());
        await Eventually.TrueAsync("a charge on its way", TimeSpan.FromSeconds(10), async () => (await simulator.SendingsAsync("busy")).Count == 1);

        var refused = await shop.Api.PostAsync("/payments", Bodies.Payment(), "later");
        JsonAssert.Problem(refused, HttpStatusCode.ServiceUnavailable, "overloaded");
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        (await shop.Api.GetAsync("/payments")).Expect(HttpStatusCode.OK);
        (await shop.Api.GetAsync("/health")).Expect(HttpStatusCode.OK);
        Assert.False(running.IsCompleted);

        Assert.Equal("captured", (string)(await running).Expect(HttpStatusCode.Created)["status"]!);
        var later = (await shop.Api.PostAsync("/payments", Bodies.Payment(), "later")).Expect(HttpStatusCode.Created);
        Assert.False(later.Replayed);
        Assert.Equal(2, (await simulator.ChargesAsync("busy")).Count);
    }
}
