using Orleans.Runtime;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Idempotency;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Api.Tests.Support;

namespace OrleansPayments.Silo.Api.Tests;

/// <summary>Captures and cancellations that are repeated, and those that nobody answers in time.</summary>
public sealed class PaymentOperationRepetitionTests : HeldPaymentTests
{
    [Theory]
    [InlineData("capture", """{"amount":100}""", """{"amount":101}""")]
    [InlineData("capture", """{"amount":1099}""", "{}")]
    [InlineData("cancel", """{"reason":"a"}""", """{"reason":"b"}""")]
    [InlineData("cancel", """{"reason":"a"}""", "{}")]
    public async Task The_same_key_is_answered_again_and_refused_with_another_body(string operation, string body, string other)
    {
        var path = $"/api/v1/payments/{await HeldAsync()}/{operation}";
        var first = await Host.PostAsync(path, body, Key, "k");
        var again = await Host.PostAsync(path, " " + body, Key, "k");
        Assert.Equal((200, false), (first.Status, first.IsReplayed));
        Assert.Equal((200, true, first.Body), (again.Status, again.IsReplayed, again.Body));

        var mismatch = await Host.PostAsync(path, other, Key, "k");
        Assert.Equal((422, "idempotency_mismatch", false), (mismatch.Status, mismatch.Code, mismatch.IsReplayed));
    }

    [Fact]
    public async Task An_empty_body_and_an_empty_object_are_the_same_request()
    {
        var path = $"/api/v1/payments/{await HeldAsync()}/capture";
        await Host.PostAsync(path, "{}", Key, "k");
        Assert.True((await Host.SendAsync(HttpMethod.Post, path, body: null, Key, "k")).IsReplayed);
    }

    [Fact]
    public async Task A_request_under_a_key_is_known_by_who_asks_what_of_which_payment()
    {
        var (one, other) = (await HeldAsync(), await HeldAsync());
        var identity = await OfCaptureAsync(one, Key, "k");
        Assert.Equal(identity, await OfCaptureAsync(one, Key, "k"));
        Assert.NotEqual(identity.Key, (await OfCaptureAsync(one, Key, "l")).Key);
        Assert.NotEqual(identity.Key, (await OfCaptureAsync(one, ApiHost.AdminKeyText, "k")).Key);
        AssertApart(identity, await OfCaptureAsync(other, Key, "k"));
        await Host.PostAsync($"/api/v1/payments/{one}/cancel", "{}", Key, "k");
        AssertApart(identity, Host.Engine.Cancels.Last().Identity!);

        static void AssertApart(RequestIdentity one, RequestIdentity other)
        {
            Assert.NotEqual(one.Key, other.Key);
            Assert.NotEqual(one.Fingerprint, other.Fingerprint);
        }

        async Task<RequestIdentity> OfCaptureAsync(string id, string with, string key)
        {
            await Host.PostAsync($"/api/v1/payments/{id}/capture", "{}", with, key);
            return Host.Engine.Captures.Last().Identity!;
        }
    }

    [Fact]
    public async Task A_requests_identity_is_the_same_in_every_release()
    {
        var id = await HeldAsync();
        await Host.PostAsync($"/api/v1/payments/{id}/cancel", "{}", Key, "k");
        await Host.PostAsync($"/api/v1/payments/{id}/capture", "{}", Key, "k");

        // Another name here would capture a second time when a request is repeated after an upgrade.
        Assert.Equal(IdempotencyKeyHash.Of(MerchantId, $"payments.cancel {id}", "k"), Host.Engine.Cancels.Single().Identity!.Key);
        Assert.Equal(IdempotencyKeyHash.Of(MerchantId, $"payments.capture {id}", "k"), Host.Engine.Captures.Single().Identity!.Key);
    }

    [Fact]
    public async Task Without_a_key_a_request_has_no_identity()
    {
        await CaptureAsync(await HeldAsync(), "{}");
        await CancelAsync(await HeldAsync(), "{}");
        Assert.Null(Host.Engine.Captures.Single().Identity);
        Assert.Null(Host.Engine.Cancels.Single().Identity);
    }

    [Theory]
    [InlineData("capture")]
    [InlineData("cancel")]
    public async Task A_malformed_idempotency_key_is_refused(string operation)
    {
        var answer = await Host.PostAsync($"/api/v1/payments/{await HeldAsync()}/{operation}", "{}", Key, new string('k', 256));
        Assert.Equal((400, "invalid_idempotency_key"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task While_the_first_request_still_runs_its_repetition_hears_so()
    {
        var id = await HeldAsync();
        Host.Engine.BeforeOperation = () => Unanswered(id);
        var answer = await Host.PostAsync($"/api/v1/payments/{id}/capture", "{}", Key, "k");
        Assert.Equal((409, "idempotency_in_progress"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("capture")]
    [InlineData("cancel")]
    public async Task Without_a_key_a_caller_that_waited_too_long_hears_that_its_operation_runs(string operation)
    {
        var id = await HeldAsync();
        Host.Engine.BeforeOperation = () => Unanswered(id);
        var answer = await Host.PostAsync($"/api/v1/payments/{id}/{operation}", "{}", Key);
        Assert.Equal((200, "processing", false), (answer.Status, Text(answer, "status"), answer.IsReplayed));
    }

    public static TheoryData<string, Exception, int, string> Failures()
    {
        var failures = new TheoryData<string, Exception, int, string>();
        foreach (var operation in (string[])["capture", "cancel"])
        {
            failures.Add(operation, new TimeoutException(), 503, "temporarily_unavailable");
            failures.Add(operation, new JournalUnavailableException(), 503, "temporarily_unavailable");
            failures.Add(operation, new SiloUnavailableException(), 503, "temporarily_unavailable");
            failures.Add(operation, new LimitExceededException("queue full"), 503, "overloaded");
            failures.Add(operation, new InvalidDataException("secret detail"), 500, "internal_error");
        }

        return failures;
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_becomes_a_problem_without_details(string operation, Exception failure, int status, string code)
    {
        var id = await HeldAsync();
        Host.Engine.BeforeOperation = () => throw failure;
        var answer = await Host.PostAsync($"/api/v1/payments/{id}/{operation}", "{}", Key);
        Assert.Equal((status, code, status == 503), (answer.Status, answer.Code, answer.Headers.ContainsKey("Retry-After")));
        Assert.DoesNotContain("secret detail", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_goes_away_does_not_cut_its_capture_short()
    {
        var id = await HeldAsync();
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        Host.Engine.BeforeOperation = async () =>
        {
            arrived.SetResult();
            await release.Task;
        };
        using (var caller = await RawHttp.ConnectAsync(Host))
        {
            await RawHttp.WriteAsync(caller, "POST", $"/api/v1/payments/{id}/capture", "{}", ("Authorization", "Bearer " + Key));
            await arrived.Task;
        }

        release.SetResult();
        await Eventually.TrueAsync(() => Host.Engine.Payments.Single().Status == PaymentStatus.Captured);
    }

    // The operation began, and its caller was not answered.
    private Task Unanswered(string id)
    {
        var payment = (FakePayment)Host.Engine.Grain<IPaymentGrain>(id);
        payment.View = payment.View! with { Status = PaymentStatus.Processing };
        throw new TimeoutException();
    }
}
