using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Tests.Support;
using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Payers' browsers on their way back to the merchant.</summary>
public sealed class PaymentReturnTests : HeldPaymentTests
{
    private const string Somebody = "pay_00000000000000000000000000";

    [Theory]
    [InlineData("https://shop.example", "https://shop.example?{0}")]
    [InlineData("https://shop.example/back", "https://shop.example/back?{0}")]
    [InlineData("https://shop.example/back?", "https://shop.example/back?{0}")]
    [InlineData("https://shop.example/back?a=1", "https://shop.example/back?a=1&{0}")]
    [InlineData("https://shop.example/back?a=1&", "https://shop.example/back?a=1&{0}")]
    [InlineData("https://shop.example/back?a=%26&b=x+y#part?2", "https://shop.example/back?a=%26&b=x+y&{0}#part?2")]
    [InlineData("http://shop.example:8080/#", "http://shop.example:8080/?{0}#")]
    [InlineData("https://[::1]:81/a", "https://[::1]:81/a?{0}")]
    [InlineData("https://bücher.example/zurück?größe=1#ä", "https://xn--bcher-kva.example/zur%C3%BCck?gr%C3%B6%C3%9Fe=1&{0}#%C3%A4")]
    [InlineData("http://bücher.example:8080/", "http://xn--bcher-kva.example:8080/?{0}")]
    [InlineData("https://[::1]/ä", "https://[::1]/%C3%A4?{0}")]
    public void The_return_URL_is_kept_and_added_to(string url, string expected) => Assert.Equal(
        expected.Replace("{0}", $"payment_id={Somebody}&status=requires_action", StringComparison.Ordinal),
        ReturnAddress.Of(url, PaymentId.Parse(Somebody), PaymentStatus.RequiresAction));

    [Fact]
    public async Task A_payer_is_sent_on_with_the_status_and_without_a_question()
    {
        var id = await HeldAsync();
        var (status, answer) = await ReturnAsync($"{id}?payment_intent=pi_1&redirect_status=succeeded&a=1&a=2");
        Assert.Equal(303, status);
        Assert.Equal($"https://example.com/back?x=1&payment_id={id}&status=authorized", answer.Headers["Location"]);
        Assert.Equal(("no-store", ""), (answer.Headers["Cache-Control"], answer.Body));
        Assert.Empty(Host.Engine.Synced);
    }

    [Fact]
    public async Task A_payment_that_waits_for_its_payer_is_asked_after()
    {
        var id = await HeldAsync();
        Host.Engine.Change(id, view => view with { Status = PaymentStatus.RequiresAction });
        Host.Engine.BeforeSync = () =>
        {
            Host.Engine.Change(id, view => view with { Status = PaymentStatus.Captured });
            return Task.CompletedTask;
        };
        Assert.EndsWith("&status=captured", (await ReturnAsync(id)).Answer.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal([id], Host.Engine.Synced);
    }

    [Fact]
    public async Task A_connector_that_does_not_answer_does_not_hold_the_payer_up()
    {
        var id = await HeldAsync();
        Host.Engine.Change(id, view => view with { Status = PaymentStatus.RequiresAction });
        foreach (var failure in (Exception[])[new TimeoutException(), new JournalUnavailableException()])
        {
            Host.Engine.BeforeSync = () => throw failure;
            var (status, answer) = await ReturnAsync(id);
            Assert.Equal(303, status);
            Assert.EndsWith("&status=requires_action", answer.Headers["Location"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_a_place_to_go_there_is_nothing()
    {
        var nowhere = Text(await Host.PostAsync("/api/v1/payments", With(Payment, "return_url", "null"), Key), "id")!;
        foreach (var id in (string[])[nowhere, Somebody, "pay_1", "x"])
        {
            var (status, answer) = await ReturnAsync(id);
            Assert.Equal((404, "not_found", false), (status, answer.Code, answer.Headers.ContainsKey("Location")));
        }

        Assert.Empty(Host.Engine.Synced);
    }

    [Fact]
    public async Task Payers_who_come_back_take_no_place_of_those_who_pay_and_are_not_kept_waiting_when_there_are_too_many()
    {
        const int Most = 64;
        await using var one = new ApiHostOfOne();
        await one.Host.InitializeAsync();
        var (_, key) = await one.Host.NewMerchantAsync();
        var id = Text(await one.Host.PostAsync("/api/v1/payments", Payment, key), "id")!;
        one.Host.Engine.Change(id, view => view with { Status = PaymentStatus.RequiresAction });
        using var arrived = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        one.Host.Engine.BeforeSync = async () =>
        {
            arrived.Release();
            await release.Task;
        };
        var waiting = Enumerable.Range(0, Most).Select(_ => GetAsync(one.Host, id)).ToList();
        for (var number = 0; number < Most; number++) await arrived.WaitAsync();

        Assert.Equal(303, (await GetAsync(one.Host, id)).Status);
        Assert.Equal(0, arrived.CurrentCount);
        Assert.Equal(201, (await one.Host.PostAsync("/api/v1/payments", Payment, key)).Status);
        release.SetResult();
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(303, answer.Status));
    }

    private Task<(int Status, Answer Answer)> ReturnAsync(string id) => GetAsync(Host, id);

    // A browser, but one that does not go on.
    private static async Task<(int Status, Answer Answer)> GetAsync(ApiHost host, string id)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://{host.Endpoint}") };
        using var response = await http.GetAsync(new Uri("/return/" + id, UriKind.Relative));
        return ((int)response.StatusCode, new Answer(response, await response.Content.ReadAsStringAsync()));
    }

    private sealed class ApiHostOfOne : IAsyncDisposable
    {
        public ApiHost Host { get; } = new(builder => builder.Configuration["Api:MaxPaymentsInFlight"] = "1");

        public async ValueTask DisposeAsync() => await Host.DisposeAsync();
    }
}
