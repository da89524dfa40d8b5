using System.Collections.Immutable;
using Orleans.Simulation;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Grains.Shared.Journal;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>One payment and two connectors that answer as the test says, on the real grains in virtual time; and a journal that refuses what the test names.</summary>
internal sealed class FailoverStage
{
    public const string Declined = "alpha_1";
    public const string Taken = "beta_1";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);
    private static readonly PaymentError NotNow = new("processing_error", "Not now.", "processing_error", RetryAdvice.RetryLater);

    private readonly JournalStore _store;
    private readonly ErrorLog _log;
    private readonly CardStore _cards;
    private VirtualSilo _silo = null!;
    private int _notices;

    public FailoverStage()
    {
        Loop = new SimulationLoop(1);
        _store = new JournalStore(Loop, Loop.Random.Split(), FaultPlan.Quiet);
        _log = new ErrorLog(Loop, violation => Assert.Fail(violation));
        _cards = new CardStore(Loop, Loop.Random.Split(), FaultPlan.Quiet, violation => Assert.Fail(violation));
        First.Charging = _ => Task.FromResult<ChargeResult>(new ChargeResult.Declined(NotNow, Declined));
        Second.Charging = request => Task.FromResult<ChargeResult>(new ChargeResult.Approved(Taken, request.Amount));
    }

    public static Money Amount { get; } = Money.FromMinorUnits(100, Currency.Parse("EUR"));

    public PaymentId Id { get; } = PaymentId.FromIdempotencyKey("simulation", "payments", "staged");

    public SimulationLoop Loop { get; }

    /// <summary>Asked first; declines for now.</summary>
    public ScriptedProvider First { get; } = new("alpha");

    /// <summary>Approves.</summary>
    public ScriptedProvider Second { get; } = new("beta");

    /// <summary>Whether the journal refuses to load this entity, or to append to it.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    public PaymentView Durable => _store.History(Id).View!;

    public static OperationResult Refused { get; } = new OperationResult.Refused(NotNow);

    public static OperationResult Done { get; } = new OperationResult.Done(Money.Zero(Amount.Currency));

    public void Play(Func<Task> play)
    {
        var process = Loop.Start("silo");
        _silo = new VirtualSilo(process, new RefusingJournal(this, _store.Open(process)), [First, Second], _cards.Open(process), new PaymentOptions(), _log);
        Task? played = null;
        Loop.Outside.Run("play", () => played = Prepare(play));
        var end = Loop.RunUntil(() => played is { IsCompleted: true }, 200_000, Longest);
        if (played is { IsCompleted: true }) played.GetAwaiter().GetResult();
        Assert.Equal(SimulationEnd.Done, end);
        _silo.Crash();
    }

    public Task Wait(TimeSpan time) => Task.Delay(time, Loop.Outside.Time);

    /// <summary>An answer that comes after a while.</summary>
    public async Task<T> After<T>(TimeSpan time, T answer)
    {
        await Task.Delay(time, _silo.Process.Time);
        return answer;
    }

    public Task<T> Ask<T>(Func<IPaymentGrain, Task<T>> call) => _silo.Call(grains => call(grains.Payment(Id)));

    public Task<T> AskGrains<T>(Func<IGrainFactory, Task<T>> call) => _silo.Call(call);

    public async Task<PaymentView> Pay() => (await Ask(payment => payment.Create(new CreatePayment(
        MerchantId.FromIdempotencyKey("simulation", "merchants", "0"), Amount, new CardDetails("4242424242424240", 12, 2034, "123", null),
        null, null, null, null, null, ImmutableSortedDictionary<string, string>.Empty, null, "fingerprint", CaptureMethod.Automatic, Confirm: true)))).Value.Payment;

    /// <summary>What the first provider tells of its charge.</summary>
    public ChargeNotice Notice(ChargeStatus status) => new(
        $"evt_{++_notices}", "charge.updated", ConnectorName.Parse("alpha"), 1, Declined, status, Amount, status == ChargeStatus.Captured ? Amount : Money.Zero(Amount.Currency),
        status == ChargeStatus.Declined ? NotNow : null, null);

    private async Task Prepare(Func<Task> play)
    {
        foreach (var (priority, name) in new[] { (1, "alpha"), (2, "beta") })
        {
            // None of the failures that a test plays is to open a circuit.
            var settings = new ConnectorSettings(
                true, priority, 10_000, new ConnectorCapabilities(["card"], ["*"], ["*"]), [], HealthSettings.Default with { MinCalls = 1000 },
                new InquirySettings(500, (int)FaultPlan.SettlingWindow.TotalSeconds), null);
            var connector = new CreateConnector(name, settings, new ConnectorCredentials(ImmutableSortedDictionary<string, string>.Empty), "creation");
            await _silo.Call(grains => grains.Connector(ConnectorName.Parse(name)).Create(connector));
        }

        await play();
    }

    private sealed class RefusingJournal(FailoverStage stage, IJournal journal) : IJournal
    {
        public ValueTask<AppendResult> AppendAsync(JournalAppend append) => stage.Refuses(append.Entity)
            ? ValueTask.FromException<AppendResult>(new JournalUnavailableException("The test refuses it."))
            : journal.AppendAsync(append);

        public ValueTask<IReadOnlyList<JournalEntry>> LoadAsync(string entity) => stage.Refuses(entity)
            ? ValueTask.FromException<IReadOnlyList<JournalEntry>>(new JournalUnavailableException("The test refuses it."))
            : journal.LoadAsync(entity);
    }
}
