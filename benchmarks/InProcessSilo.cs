using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;
using OrleansPayments.Silo.Hosting;

namespace OrleansPayments.Benchmarks;

/// <summary>The silo as it is composed for production, in this process, with one more provider.</summary>
internal sealed class InProcessSilo : IAsyncDisposable
{
    private static readonly Currency Usd = Currency.Parse("USD");

    // As the API computes one: 64 hexadecimal digits. Computing it is the API's work and not the grain's.
    private static readonly string Fingerprint = new('a', 64);

    private readonly WebApplication _app;
    private readonly IGrainFactory _grains;
    private readonly MerchantId _merchant = MerchantId.FromBits(RandomNumberGenerator.GetBytes(16));

    private InProcessSilo(WebApplication app)
    {
        _app = app;
        _grains = app.Services.GetRequiredService<IGrainFactory>();
    }

    public InMemoryProvider Provider { get; } = new();

    public IGrainFactory Grains => _grains;

    public static async Task<InProcessSilo> StartAsync(
        WorkFolder folder, string connectionString, CancellationToken cancellation, params string[] settings)
    {
        InMemoryProvider? provider = null;
        var app = PaymentsSilo.Create(
            ["--PAYMENTS_PORT", "0", "--PAYMENTS_DATA", folder.Sub("in-process"), "--ConnectionStrings:Payments", connectionString, .. settings],
            services =>
            {
                services.AddSingleton<IPaymentProvider>(_ => provider!);
                services.AddLogging(logging => logging.AddFilter((string?)null, LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning));
            });
        var silo = new InProcessSilo(app);
        provider = silo.Provider;
        try
        {
            await app.StartAsync(cancellation);
            await silo.CreateConnectorAsync("bench", 1, new ConnectorFee("card", "*", 290, 30));
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a payment; returns its id once it is captured.</summary>
    /// <exception cref="InvalidOperationException">It was refused or ended otherwise.</exception>
    public async Task<string> PayAsync(long amount = 1099)
    {
        Span<byte> bits = stackalloc byte[16];
        Random.Shared.NextBytes(bits);
        var id = PaymentId.FromBits(bits);
        return await CaptureAsync(id, amount);
    }

    /// <summary>One more connector.</summary>
    public Task AddConnectorAsync(string name, int priority, ConnectorFee fee) => CreateConnectorAsync(name, priority, fee);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    private async Task<string> CaptureAsync(PaymentId id, long amount)
    {
        var card = new CardDetails("4242424242424242", 12, 2035, "123", null);
        var command = new CreatePayment(
            _merchant, Money.FromMinorUnits(amount, Usd), card, "order-" + id.Value[^10..], null, null, null, null,
            ImmutableSortedDictionary<string, string>.Empty, null, Fingerprint);
        var outcome = await _grains.Payment(id).Create(command);
        if (!outcome.TryGet(out var created, out var refusal)) throw new InvalidOperationException($"Refused: {refusal.Code}.");
        var status = created.Payment.Status;
        return status == PaymentStatus.Captured ? id.Value : throw new InvalidOperationException($"Ended as {status}.");
    }

    private async Task CreateConnectorAsync(string name, int priority, ConnectorFee fee)
    {
        var settings = new ConnectorSettings(
            Enabled: true, priority, TimeoutMs: 5000, new ConnectorCapabilities(["card"], ["*"], ["*"]), [fee],
            HealthSettings.Default, InquirySettings.Default, MerchantId: null);
        var command = new CreateConnector(InMemoryProvider.ProviderName, settings, new ConnectorCredentials(ImmutableSortedDictionary<string, string>.Empty), name);
        var outcome = await _grains.Connector(ConnectorName.Parse(name)).Create(command);
        if (outcome.Refusal is { } refusal) throw new InvalidOperationException($"The connector was refused: {refusal.Detail}");
    }
}
