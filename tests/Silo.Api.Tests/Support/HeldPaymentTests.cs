using static OrleansPayments.Silo.Api.Tests.Support.Bodies;

namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>A merchant whose payments are authorised and wait for captures or a cancellation. Each test has its own host.</summary>
public abstract class HeldPaymentTests : IAsyncLifetime
{
    protected ApiHost Host { get; } = new();

    protected string MerchantId { get; private set; } = "";

    /// <summary>The merchant's, with all permissions.</summary>
    protected string Key { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await Host.InitializeAsync();
        (MerchantId, Key) = await Host.NewMerchantAsync();
    }

    public Task DisposeAsync() => Host.DisposeAsync();

    /// <summary>The id of a new payment of 10.99 USD that any number of captures may take.</summary>
    protected async Task<string> HeldAsync() =>
        Text(await Host.PostAsync("/api/v1/payments", With(Payment, "capture_method", "\"manual_multiple\""), Key), "id")!;

    protected Task<Answer> CaptureAsync(string id, string body) => Host.PostAsync($"/api/v1/payments/{id}/capture", body, Key);

    protected Task<Answer> CancelAsync(string id, string body) => Host.PostAsync($"/api/v1/payments/{id}/cancel", body, Key);

    protected static string? Text(Answer answer, string member) => answer.Json.GetProperty(member).GetString();
}
