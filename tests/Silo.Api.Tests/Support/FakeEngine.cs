using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using OrleansPayments.Connectors;
using OrleansPayments.Idempotency;
using OrleansPayments.Merchants;
using OrleansPayments.Payments;
using OrleansPayments.Routing;
using OrleansPayments.Silo.Security;

namespace OrleansPayments.Silo.Api.Tests.Support;

/// <summary>Grains that keep their promises towards the API in memory, so that the pipeline is tested without an engine.</summary>
public sealed class FakeEngine
{
    private readonly ConcurrentDictionary<(Type Interface, string Key), object> _grains = new();

    public FakeEngine(TimeProvider time)
    {
        Time = time;
        Factory = DispatchProxy.Create<IGrainFactory, FactoryProxy>();
        ((FactoryProxy)(object)Factory).Engine = this;
    }

    public static KeyRing Keys { get; } = KeyRing.DerivedFrom(new MasterKey(new byte[MasterKey.Length]));

    public TimeProvider Time { get; }

    public IGrainFactory Factory { get; }

    /// <summary>Runs before each payment's creation: waits, throws, counts.</summary>
    public Func<CreatePayment, Task> BeforeCharge { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before each read of a payment or a merchant.</summary>
    public Func<Task> BeforeGet { get; set; } = () => Task.CompletedTask;

    public ConcurrentQueue<CreatePayment> Charges { get; } = [];

    /// <summary>Runs before each operation on a payment, and in each notice of one: waits, throws, counts.</summary>
    public Func<Task> BeforeOperation { get; set; } = () => Task.CompletedTask;

    /// <summary>The captures asked for, refused and repeated ones included.</summary>
    public ConcurrentQueue<CapturePayment> Captures { get; } = [];

    /// <summary>The cancellations asked for, refused and repeated ones included.</summary>
    public ConcurrentQueue<CancelPayment> Cancels { get; } = [];

    /// <summary>The confirmations asked for, refused and repeated ones included.</summary>
    public ConcurrentQueue<ConfirmPayment> Confirms { get; } = [];

    /// <summary>Whether payments that were only created have lost their card.</summary>
    public bool ForgetsCards { get; set; }

    /// <summary>The resolutions asked for, refused and repeated ones included.</summary>
    public ConcurrentQueue<ResolvePayment> Resolves { get; } = [];

    /// <summary>What payments were told that their provider said.</summary>
    public ConcurrentQueue<(string Payment, ChargeNotice Notice)> Notices { get; } = [];

    /// <summary>Runs while a payment's connector is asked: waits, throws, changes it.</summary>
    public Func<Task> BeforeSync { get; set; } = () => Task.CompletedTask;

    /// <summary>The routes asked for.</summary>
    public ConcurrentQueue<RoutingRequest> Routed { get; } = [];

    /// <summary>What every route asked for is answered with.</summary>
    public ImmutableArray<RoutingCandidate> Candidates { get; set; } =
        [new("card-a", Eligible: true, Reason: null, Rank: 1), new("card-b", Eligible: false, Reason: "currency_not_supported", Rank: null)];

    /// <summary>The payments whose connector was asked at a caller's wish.</summary>
    public ConcurrentQueue<string> Synced { get; } = [];

    public ConcurrentDictionary<string, CreateConnector> Connectors { get; } = [];

    public IEnumerable<PaymentView> Payments => All<FakePayment>().Select(payment => payment.View).OfType<PaymentView>();

    public T Grain<T>(string key) => (T)_grains.GetOrAdd((typeof(T), key), _ => Make(typeof(T), key));

    /// <summary>Makes a payment as its connector left it.</summary>
    public void Change(string id, Func<PaymentView, PaymentView> change)
    {
        var payment = (FakePayment)Grain<IPaymentGrain>(id);
        payment.View = change(payment.View!);
    }

    internal IEnumerable<T> All<T>() => _grains.Values.OfType<T>();

    private object Make(Type type, string key) => type.Name switch
    {
        nameof(IPaymentGrain) => new FakePayment(this, key),
        nameof(IMerchantGrain) => new FakeMerchant(this, key),
        nameof(IApiKeyGrain) => new FakeApiKey(this, key),
        nameof(IConnectorGrain) => new FakeConnector(this, key),
        nameof(ICircuitLogGrain) => new FakeCircuitLog(),
        nameof(IRoutingGrain) => new FakeRouting(this),
        nameof(IIdempotencyGrain) => new FakeIdempotency(key),
        nameof(IRoutingReplaysGrain) => new FakeReplays(this),
        nameof(IRoutingReplayGrain) => new FakeReplay(key),
        _ => throw new NotSupportedException(type.Name),
    };

    public class FactoryProxy : DispatchProxy
    {
        public FakeEngine? Engine { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod is not { Name: "GetGrain", IsGenericMethod: true } || args?[0] is not string key)
            {
                throw new NotSupportedException(targetMethod?.Name);
            }

            return Engine!._grains.GetOrAdd((targetMethod.GetGenericArguments()[0], key), at => Engine.Make(at.Interface, at.Key));
        }
    }
}

internal sealed class FakeConnector(FakeEngine engine, string key) : IConnectorGrain
{
    public ConnectorView? View { get; private set; }

    public Task<Outcome<CreateConnectorResult>> Create(CreateConnector command)
    {
        var existing = engine.Connectors.GetOrAdd(key, command);
        if (existing.CreationKey != command.CreationKey)
        {
            return Task.FromResult<Outcome<CreateConnectorResult>>(new Refusal(RefusalCode.ConnectorExists, "Exists.", "/name"));
        }

        var replayed = View is not null;
        View ??= new ConnectorView(ConnectorName.Parse(key), command.Provider, command.Settings, 1, engine.Time.GetUtcNow(), engine.Time.GetUtcNow());
        return Task.FromResult<Outcome<CreateConnectorResult>>(new CreateConnectorResult(View, replayed));
    }

    /// <summary>The changes asked for, refused ones included.</summary>
    public ConcurrentQueue<UpdateConnector> Updates { get; } = [];

    public Task<Outcome<ConnectorView>> Update(UpdateConnector command)
    {
        Updates.Enqueue(command);
        if (View is not { } view) return Task.FromResult<Outcome<ConnectorView>>(new Refusal(RefusalCode.NotFound, "There is no such connector."));
        if (command.IfVersion is { } version && version != view.Version)
            return Task.FromResult<Outcome<ConnectorView>>(new Refusal(RefusalCode.VersionConflict, $"The connector has version {view.Version}.", "/version"));

        View = view with { Settings = command.ApplyTo(view.Settings), Version = view.Version + 1, UpdatedAt = engine.Time.GetUtcNow() };
        return Task.FromResult<Outcome<ConnectorView>>(View);
    }

    /// <summary>Puts it back as if it had just been made so.</summary>
    public void Reset(ConnectorSettings settings) => View = View! with { Settings = settings, Version = 1, UpdatedAt = View.CreatedAt };

    /// <summary>What it answers when asked how it fares.</summary>
    public ConnectorHealthView? Health { get; set; }

    public Task<ConnectorView?> Get() => Task.FromResult(View);

    public Task<PermitAnswer> RequestChargePermit() => throw new NotSupportedException();

    public Task Report(ChargeReport report) => throw new NotSupportedException();

    public Task<ConnectorHealthView?> GetHealth() => Task.FromResult(Health);

    // Sealed as the real grain seals them.
    public Task<ConnectorPermit?> RequestPermit(PermitPurpose purpose)
    {
        if (View is null) return Task.FromResult<ConnectorPermit?>(null);
        var clear = JsonSerializer.SerializeToUtf8Bytes(engine.Connectors[key].Credentials.Values);
        var credentials = new AesGcmSecretSealer(FakeEngine.Keys).Seal(clear, "connector/" + key);
        return Task.FromResult<ConnectorPermit?>(new ConnectorPermit(View.Name, View.Provider, View.Settings, credentials));
    }
}

internal sealed class FakeCircuitLog : ICircuitLogGrain
{
    public ImmutableArray<CircuitEvent> Events { get; set; } = [];

    public Task Note(CircuitNote note) => throw new NotSupportedException();

    public Task<CircuitEventList> List() => Task.FromResult(new CircuitEventList(Events));
}

internal sealed class FakeRouting(FakeEngine engine) : IRoutingGrain
{
    public Task<ConnectorList> ListConnectors() =>
        Task.FromResult(new ConnectorList([.. engine.All<FakeConnector>().Select(connector => connector.View).OfType<ConnectorView>()]));

    public Task<Outcome<ConnectorName>> Register(ConnectorName connector) => throw new NotSupportedException();

    public Task Refresh(ConnectorView connector) => throw new NotSupportedException();

    public Task ReportHealth(ConnectorHealthView health) => throw new NotSupportedException();

    public Task Configure(MerchantId merchant, MerchantRouting routing) => throw new NotSupportedException();

    public Task<RoutingDecision> Choose(RoutingRequest request)
    {
        engine.Routed.Enqueue(request);
        return Task.FromResult(new RoutingDecision("dec_1", "priority", engine.Candidates));
    }
}

internal sealed class FakeIdempotency(string key) : IIdempotencyGrain
{
    private string? _fingerprint;

    public Task<Outcome<IdempotencyClaim>> Claim(string requestFingerprint)
    {
        _fingerprint ??= requestFingerprint;
        return Task.FromResult<Outcome<IdempotencyClaim>>(_fingerprint == requestFingerprint
            ? new IdempotencyClaim(key)
            : new Refusal(RefusalCode.IdempotencyMismatch, "Used with another body."));
    }
}
