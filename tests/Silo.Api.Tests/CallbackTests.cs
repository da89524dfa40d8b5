using System.Text;
using Orleans.Runtime;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>What providers send without being asked. Each test has its own host.</summary>
public sealed class CallbackTests : IAsyncLifetime
{
    private const string Path = "/api/v1/callbacks/card-a";
    private const string Nobody = "pay_00000000000000000000000000";

    private readonly ApiHost _host = new(builder =>
    {
        builder.Configuration["Api:MaxCallbacksInFlight"] = "1";
        builder.Configuration["Api:CallbackBodyTimeoutMs"] = "100";
    });

    private string _payment = "";

    public async Task InitializeAsync()
    {
        await _host.InitializeAsync();
        Assert.Equal(201, (await _host.PostAsync("/api/v1/connectors", Bodies.Connector)).Status);
        var (_, key) = await _host.NewMerchantAsync();
        _payment = (await _host.PostAsync("/api/v1/payments", Bodies.Payment, key)).Json.GetProperty("id").GetString()!;
    }

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_genuine_message_reaches_its_payment_and_is_acknowledged()
    {
        CallbackRequest? seen = null;
        byte[] bytes = [];
        _host.Provider.OnCallback = (access, request) =>
        {
            Assert.Equal(("card-a", "whsec_a"), (access.Connector.Value, access.Credentials.Values["webhook_secret"]));
            (seen, bytes) = (request, request.Body.ToArray());
            return new CallbackReading.About(PaymentId.Parse(_payment), Notice());
        };

        // Neither JSON nor UTF-8, with a query: all of that is the provider's affair.
        byte[] body = [.. "{\"a\": 1.0,  \"b\":\""u8, 0xff, 0x00, .. "\\u0041\"}\r\n"u8];
        var answer = await RawHttp.SendAsync(_host, RawHttp.Request(
            "POST", Path + "?x=1", body, ("Connection", "close"), ("Content-Type", "text/whatever"), ("X-Part", "one"), ("x-part", "two"), ("X-Signature", "s")));
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.EndsWith("""{"received":true}""", answer, StringComparison.Ordinal);
        Assert.Equal((_payment, Notice()), _host.Engine.Notices.Single());
        Assert.Equal(body, bytes);
        Assert.Equal(("one,two", "s", ApiHost.Start), (seen!.Headers["x-part"], seen.Headers["x-signature"], seen.ReceivedAt));
    }

    [Fact]
    public async Task It_is_acknowledged_only_when_its_effect_is_durable()
    {
        AboutTheMessage();
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _host.Engine.BeforeOperation = async () =>
        {
            arrived.SetResult();
            await release.Task;
        };
        var sent = PostAsync("{}");
        await arrived.Task;
        Assert.False(sent.IsCompleted);

        // It has the only place meanwhile.
        var further = await PostAsync("{}");
        Assert.Equal((503, "overloaded", "1"), (further.Status, further.Code, further.Headers["Retry-After"]));
        release.SetResult();
        Assert.Equal(200, (await sent).Status);
        _host.Engine.BeforeOperation = () => Task.CompletedTask;
        Assert.Equal(200, (await PostAsync("{}")).Status);
    }

    public static TheoryData<Exception, int, string> Failures() => new()
    {
        { new JournalUnavailableException(), 503, "temporarily_unavailable" },
        { new TimeoutException(), 503, "temporarily_unavailable" },
        { new SiloUnavailableException(), 503, "temporarily_unavailable" },
        { new InvalidDataException("secret detail"), 500, "internal_error" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task What_could_not_be_kept_is_to_be_sent_again(Exception failure, int status, string code)
    {
        AboutTheMessage();
        _host.Engine.BeforeOperation = () => throw failure;
        var answer = await PostAsync("{}");
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.DoesNotContain("secret detail", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("signature_missing")]
    [InlineData("signature_wrong")]
    [InlineData("no_webhook_secret")]
    public async Task A_message_that_proves_nothing_is_refused_and_told_nothing(string reason)
    {
        _host.Provider.OnCallback = (_, _) => new CallbackReading.Refused(reason);
        var answer = await PostAsync("""{"forged":"payload-4711"}""");
        Assert.Equal((401, "invalid_signature", null, "application/problem+json"), (answer.Status, answer.Code, answer.Param, answer.MediaType));
        Assert.Equal("The message is not proven to come from the provider.", answer.Json.GetProperty("detail").GetString());
        Assert.False(answer.Headers.ContainsKey("WWW-Authenticate"));
        Assert.Empty(_host.Engine.Notices);
        Assert.Contains(_host.Logs.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(reason, StringComparison.Ordinal));
        Assert.DoesNotContain(_host.Logs.Lines, line => line.Contains("payload-4711", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_genuine_message_that_cannot_be_read_is_not_acknowledged()
    {
        _host.Provider.OnCallback = (_, _) => new CallbackReading.Malformed("no_object");
        var answer = await PostAsync("payload-4711");
        Assert.Equal((400, "invalid_request"), (answer.Status, answer.Code));
        Assert.Contains(_host.Logs.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("no_object", StringComparison.Ordinal));
        Assert.DoesNotContain(_host.Logs.Lines, line => line.Contains("payload-4711", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_concerns_no_payment_is_acknowledged()
    {
        _host.Provider.OnCallback = (_, _) => new CallbackReading.Ignored("balance.available");
        Assert.Equal((200, """{"received":true}"""), await SeenAsync());

        _host.Provider.OnCallback = (_, _) => new CallbackReading.About(PaymentId.Parse(Nobody), Notice());
        Assert.Equal((200, """{"received":true}"""), await SeenAsync());
        Assert.Contains(_host.Logs.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(Nobody, StringComparison.Ordinal));
        Assert.Empty(_host.Engine.Notices);

        async Task<(int, string)> SeenAsync()
        {
            var answer = await PostAsync("{}");
            return (answer.Status, answer.Body);
        }
    }

    [Theory]
    [InlineData("card-b")]
    [InlineData("Card-A")]
    [InlineData("a%20b")]
    public async Task A_connector_that_does_not_exist_takes_nothing(string connector)
    {
        AboutTheMessage();
        var answer = await _host.PostAsync("/api/v1/callbacks/" + connector, "{}", key: null);
        Assert.Equal((404, "not_found"), (answer.Status, answer.Code));
        Assert.Empty(_host.Engine.Notices);
    }

    [Fact]
    public async Task A_message_may_have_256_KiB_and_no_more()
    {
        AboutTheMessage();
        Assert.Equal(200, (await PostAsync(new string(' ', 256 * 1024))).Status);
        var announced = await RawHttp.SendAsync(_host, "POST", Path, null, ("Content-Length", "262145"));
        Assert.StartsWith("HTTP/1.1 413", announced, StringComparison.Ordinal);
        var chunk = $"40001\r\n{new string(' ', (256 * 1024) + 1)}\r\n0\r\n\r\n";
        Assert.StartsWith("HTTP/1.1 413", await RawHttp.SendAsync(_host, "POST", Path, chunk, ("Transfer-Encoding", "chunked")), StringComparison.Ordinal);
        Assert.Single(_host.Engine.Notices);
    }

    [Fact]
    public async Task A_message_that_does_not_arrive_gives_its_place_back()
    {
        AboutTheMessage();
        var answer = await RawHttp.SendAsync(_host, RawHttp.Request("POST", Path, Encoding.UTF8.GetBytes("{"), ("Content-Length", "2"), ("Connection", "close")));
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("request_timeout", answer, StringComparison.Ordinal);
        Assert.Equal(200, (await PostAsync("{}")).Status);
    }

    [Fact]
    public async Task An_empty_message_is_for_the_provider_to_judge()
    {
        AboutTheMessage();
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Post, Path, body: null, key: null)).Status);
    }

    private void AboutTheMessage() => _host.Provider.OnCallback = (_, _) => new CallbackReading.About(PaymentId.Parse(_payment), Notice());

    private Task<Answer> PostAsync(string body) => _host.PostAsync(Path, body, key: null);

    private static ChargeNotice Notice()
    {
        var amount = Money.FromMinorUnits(1099, Currency.Parse("USD"));
        return new ChargeNotice("evt_1", "payment_intent.succeeded", ConnectorName.Parse("card-a"), 1, "pi_1", ChargeStatus.Captured, amount, amount, null, null);
    }
}
