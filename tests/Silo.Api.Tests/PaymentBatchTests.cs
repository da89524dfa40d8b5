using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Payments;
using OrleansPayments.Silo.Api.Tests.Support;
using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Many payments in one request.</summary>
public sealed class PaymentBatchTests : HeldPaymentTests
{
    private const string Path = "/api/v1/payments/batch";

    [Fact]
    public async Task Every_payment_is_answered_for_itself_and_in_its_place()
    {
        var (other, _) = await Host.NewMerchantAsync();
        var answer = await PostAsync(
            [
                Payment,
                With(Payment, "payment_method/card/number", "\"4000000000000002\""),
                With(Payment, "amount", "0"),
                With(Payment, "payment_method/card/exp_year", "2025"),
                With(Payment, "merchant_id", $"\"{other}\""),
                With(Payment, "payment_method", """{"type":"crypto"}"""),
                Without(Payment, "currency"),
                "7",
                With(Payment, "confirm", "false"),
            ]);
        Assert.Equal((207, "application/json", false), (answer.Status, answer.MediaType, answer.IsReplayed));
        string[] expected =
        [
            "0 201 captured", "1 201 declined", "2 400 invalid_value /payments/2/amount", "3 422 card_expired /payments/3/payment_method/card/exp_year",
            "4 403 forbidden /payments/4/merchant_id", "5 422 not_supported /payments/5/payment_method/type", "6 400 missing_field /payments/6/currency",
            "7 400 invalid_type /payments/7", "8 201 created",
        ];
        Assert.Equal(expected, Results(answer));
        Assert.Equal(3, Host.Engine.Charges.Count);

        var (made, refused) = (answer.Json.GetProperty("data")[0], answer.Json.GetProperty("data")[2]);
        Assert.Equal(["index", "status", "payment", "replayed"], made.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["index", "status", "error"], refused.EnumerateObject().Select(member => member.Name));
        var id = made.GetProperty("payment").GetProperty("id").GetString();
        Assert.Equal((await Host.GetAsync("/api/v1/payments/" + id, Key)).Body, made.GetProperty("payment").GetRawText());
        Assert.Equal(answer.Headers["Request-Id"], refused.GetProperty("error").GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task The_key_stands_for_the_batch_and_each_payment_is_judged_by_itself()
    {
        var second = With(Payment, "amount", "5");
        var first = await PostAsync([Payment, second], "k");
        Assert.Equal(["False", "False"], Replayed(first));
        Assert.Equal(
            [PaymentId.FromIdempotencyKey(MerchantId, "payments.batch", "k 0").Value, PaymentId.FromIdempotencyKey(MerchantId, "payments.batch", "k 1").Value],
            first.Json.GetProperty("data").EnumerateArray().Select(result => result.GetProperty("payment").GetProperty("id").GetString()));

        var again = await PostAsync([With(Payment, "payment_method/card/cvc", "\"999\""), second], "k");
        Assert.True(again.IsReplayed);
        Assert.Equal(["True", "True"], Replayed(again));
        Assert.Equal(2, Host.Engine.Charges.Count);

        var changed = await PostAsync([Payment, With(Payment, "amount", "6"), second], "k");
        Assert.Equal(["0 201 captured", "1 422 idempotency_mismatch", "2 201 captured"], Results(changed));
        Assert.False(changed.IsReplayed);
        Assert.Equal(["True", null, "False"], Replayed(changed));
        Assert.False((await Host.PostAsync("/api/v1/payments", Payment, Key, "k")).IsReplayed);

        static IEnumerable<string?> Replayed(Answer answer) =>
            answer.Json.GetProperty("data").EnumerateArray().Select(result => result.TryGetProperty("replayed", out var replayed) ? replayed.ToString() : null);
    }

    public static TheoryData<string, string, string?> BadBodies() => new()
    {
        { "{}", "missing_field", "/payments" },
        { """{"payments":null}""", "invalid_type", "/payments" },
        { """{"payments":{}}""", "invalid_type", "/payments" },
        { """{"payments":[]}""", "invalid_value", "/payments" },
        { $$"""{"payments":[{{string.Join(',', Enumerable.Repeat("{}", 101))}}]}""", "invalid_value", "/payments" },
        { """{"payments":[{}],"merchant_id":"x"}""", "unknown_field", "/merchant_id" },
        { "[]", "invalid_type", null },
        { """{"payments":[{"amount":}]}""", "invalid_json", "/payments/0/amount" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_batch_that_is_none_is_refused_whole(string body, string code, string? param)
    {
        var answer = await Host.PostAsync(Path, body, Key);
        Assert.Equal((400, code, param), (answer.Status, answer.Code, answer.Param));
    }

    [Fact]
    public async Task A_batch_has_at_most_a_hundred_payments_of_which_eight_are_worked_on_at_once()
    {
        var (running, most, gate) = (0, 0, new Lock());
        var eight = new TaskCompletionSource();
        Host.Engine.BeforeCharge = async _ =>
        {
            lock (gate)
            {
                most = Math.Max(most, ++running);
                if (running == 8) eight.TrySetResult();
            }

            await eight.Task;
            await Task.Yield();
            lock (gate) running--;
        };
        const string Small = """{"amount":1,"currency":"USD","payment_method":{"type":"card","card":{"number":"4242424242424242","exp_month":12,"exp_year":2030}}}""";
        var answer = await PostAsync([.. Enumerable.Repeat(Small, 100)]);
        Assert.Equal(Enumerable.Range(0, 100).Select(index => $"{index} 201 captured"), Results(answer));
        Assert.Equal(100, Host.Engine.Payments.Count());
        Assert.Equal(8, most);
    }

    [Fact]
    public async Task What_fails_of_one_is_said_of_it_alone()
    {
        Host.Engine.BeforeCharge = command => command.Amount.MinorUnits switch
        {
            1 => throw new JournalUnavailableException(),
            2 => throw new InvalidDataException("secret detail"),
            3 => throw new TimeoutException(),
            _ => Task.CompletedTask,
        };
        var answer = await PostAsync([.. Enumerable.Range(1, 4).Select(amount => With(Payment, "amount", amount.ToString(CultureInfo.InvariantCulture)))], "k");
        Assert.Equal(["0 503 temporarily_unavailable", "1 500 internal_error", "2 409 idempotency_in_progress", "3 201 captured"], Results(answer));
        Assert.DoesNotContain("secret detail", answer.Body, StringComparison.Ordinal);
        Assert.Contains(Host.Logs.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("/payments/batch", StringComparison.Ordinal));
        Assert.DoesNotContain(Host.Logs.Lines, line => line.Contains("4242424242424242", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_caller_that_goes_away_cancels_none_of_it()
    {
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        Host.Engine.BeforeCharge = async _ =>
        {
            arrived.TrySetResult();
            await release.Task;
        };
        using (var caller = await RawHttp.ConnectAsync(Host))
        {
            await RawHttp.WriteAsync(caller, "POST", Path, BodyOf([.. Enumerable.Repeat(Payment, 20)]), ("Authorization", "Bearer " + Key));
            await arrived.Task;
        }

        release.SetResult();
        await Eventually.TrueAsync(() => Host.Engine.Payments.Count() == 20);
    }

    [Fact]
    public async Task An_administrator_names_the_merchant_of_each()
    {
        var body = BodyOf([With(Payment, "merchant_id", $"\"{MerchantId}\""), Payment, With(Payment, "merchant_id", "\"mer_00000000000000000000000000\"")]);
        var answer = await Host.PostAsync(Path, body);
        Assert.Equal(
            ["0 201 captured", "1 400 missing_field /payments/1/merchant_id", "2 422 merchant_not_found /payments/2/merchant_id"], Results(answer));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_payment_waits_for_a_place_but_not_for_ever(bool becomesFree)
    {
        var host = new ApiHost(builder =>
        {
            builder.Configuration["Api:MaxPaymentsInFlight"] = "1";
            builder.Configuration["Api:BatchWaitMs"] = becomesFree ? "60000" : "100";
        });
        await host.InitializeAsync();
        try
        {
            var (_, key) = await host.NewMerchantAsync();
            var arrived = new TaskCompletionSource();
            var release = new TaskCompletionSource();
            host.Engine.BeforeCharge = async _ =>
            {
                arrived.TrySetResult();
                await release.Task;
            };
            var first = host.PostAsync("/api/v1/payments", Payment, key);
            await arrived.Task;

            var batch = host.PostAsync(Path, BodyOf([Payment]), key);
            if (becomesFree) await Eventually.TrueAsync(() => host.App.Services.GetRequiredService<PaymentAdmission>().Waiting == 1);
            else Assert.Equal(["0 503 overloaded"], Results(await batch));
            release.SetResult();
            Assert.Equal(201, (await first).Status);
            if (becomesFree) Assert.Equal(["0 201 captured"], Results(await batch));
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    private Task<Answer> PostAsync(string[] payments, string? idempotencyKey = null) => Host.PostAsync(Path, BodyOf(payments), Key, idempotencyKey);

    private static string BodyOf(string[] payments) => $$"""{"payments":[{{string.Join(',', payments)}}]}""";

    /// <summary>Index and status of each, then the payment's status, or the error's code and pointer.</summary>
    private static IEnumerable<string> Results(Answer answer)
    {
        foreach (var result in answer.Json.GetProperty("data").EnumerateArray())
        {
            var what = result.TryGetProperty("payment", out var payment) ? payment.GetProperty("status").GetString() : OfError(result.GetProperty("error"));
            yield return $"{result.GetProperty("index")} {result.GetProperty("status")} {what}";
        }

        static string OfError(JsonElement error) =>
            error.TryGetProperty("param", out var param) ? $"{error.GetProperty("code")} {param}" : error.GetProperty("code").GetString()!;
    }
}
