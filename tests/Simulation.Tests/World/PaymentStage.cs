using System.Collections.Immutable;
using Orleans.Simulation;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>One payment, one provider, and nothing that goes wrong by itself: for what is to be told step by step. What must never be fails the test at once.</summary>
internal sealed class PaymentStage
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    private readonly SimulationLoop _loop;
    private readonly JournalStore _store;
    private readonly ErrorLog _log;
    private readonly CardStore _cards;
    private int _lives;
    private int _notices;

    public PaymentStage(ulong seed)
    {
        _loop = new SimulationLoop(seed);
        _store = new JournalStore(_loop, _loop.Random.Split(), FaultPlan.Quiet);
        _store.OnOverlap = entity => Assert.Fail($"two versions of {entity} are written at once");
        _log = new ErrorLog(_loop, violation => Assert.Fail(violation));
        _cards = new CardStore(_loop, _loop.Random.Split(), FaultPlan.Quiet, violation => Assert.Fail(violation));
        Provider = new ProviderServer("alpha", _loop, _loop.Random.Split(), FaultPlan.Quiet);
    }

    public PaymentId Id { get; } = PaymentId.FromIdempotencyKey("simulation", "payments", "staged");

    public SeededRandom Random => _loop.Random;

    public ProviderServer Provider { get; }

    public Charge Charge => Provider.Charges.Single();

    public VirtualSilo Silo { get; private set; } = null!;

    public PaymentView Durable => _store.History(Id).View!;

    public void StartSilo()
    {
        var process = _loop.Start($"silo{++_lives}");
        Silo = new VirtualSilo(process, _store.Open(process), [new ProviderPort(Provider, process)], _cards.Open(process), new PaymentOptions(), _log);
    }

    public void Play(Func<Task> play)
    {
        StartSilo();
        Task? played = null;
        _loop.Outside.Run("play", () => played = Prepare(play));
        var end = _loop.RunUntil(() => played is { IsCompleted: true }, 200_000, Longest);
        if (played is { IsCompleted: true }) played.GetAwaiter().GetResult();
        Assert.Equal(SimulationEnd.Done, end);
        if (Silo.Process.IsAlive) Silo.Crash();
    }

    public Task Wait(TimeSpan time) => Task.Delay(time, _loop.Outside.Time);

    public async Task<T> Ask<T>(Func<IPaymentGrain, Task<T>> call) => await Silo.Call(grains => call(grains.Payment(Id)));

    public Task<Outcome<CreatePaymentResult>> Create(CaptureMethod method, bool confirm = true) => Ask(payment => payment.Create(new CreatePayment(
        MerchantId.FromIdempotencyKey("simulation", "merchants", "0"), Money.FromMinorUnits(100, Currency.Parse("EUR")),
        new CardDetails("4242424242424240", 12, 2034, "123", null), null, null, null, null, null, ImmutableSortedDictionary<string, string>.Empty, null, "fingerprint",
        method, confirm)));

    /// <summary>What the provider would tell of the charge if it wrote now.</summary>
    public ChargeNotice NoticeNow()
    {
        var (error, action) = ProviderServer.DetailsOf(Charge);
        return new ChargeNotice(
            $"evt_{++_notices}", "charge.updated", ConnectorName.Parse("alpha"), 1, Charge.Id, Charge.Status, Charge.Amount, Charge.Captured, error, action);
    }

    private async Task Prepare(Func<Task> play)
    {
        var settings = new ConnectorSettings(
            true, 1, 20_000, new ConnectorCapabilities(["card"], ["*"], ["*"]), [], HealthSettings.Default, new InquirySettings(500, (int)FaultPlan.SettlingWindow.TotalSeconds), null);
        var connector = new CreateConnector("alpha", settings, new ConnectorCredentials(ImmutableSortedDictionary<string, string>.Empty), "creation");
        await Silo.Call(grains => grains.Connector(ConnectorName.Parse("alpha")).Create(connector));
        await play();
    }
}
