using OrleansPayments.PspSimulator.Http;
using OrleansPayments.PspSimulator.Stripe.Operations;
using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Stripe's PaymentIntents over HTTP, as its public documentation at docs.stripe.com/api describes them.</summary>
internal sealed class StripeProvider : IProvider
{
    public const string ProviderName = "stripe";

    private readonly StripeEndpoint _endpoint;
    private readonly AuthenticationPage _authentication;
    private readonly IStripeOperation[] _operations;

    public StripeProvider(SimulatorOptions options, SimulatedAccounts worlds, FaultInjector faults, RandomSource random, Later later)
    {
        var accounts = new StripeAccounts(options.Time, random, options.MaxObjectsPerAccount);
        var vault = new CardVault(random);
        var attempts = new Attempts(random, options.Time, options.CaptureWindow);
        _endpoint = new StripeEndpoint(options.Time, worlds, accounts, faults, random);
        _authentication = new AuthenticationPage(options.Time, worlds, accounts, attempts, later, faults);
        _operations =
        [
            new CreatePaymentIntent(options.Time, random, vault, attempts, later),
            new ConfirmPaymentIntent(options.Time, vault, attempts, later),
            new CapturePaymentIntent(),
            new CancelPaymentIntent(options.Time),
            new RetrievePaymentIntent(),
            new ListPaymentIntents(),
            new SearchPaymentIntents(),
            new RetrieveCharge(),
            new CreateRefund(options.Time, random, later),
            new RetrieveRefund(),
            new ListRefunds(),
            new CreateWebhookEndpoint(options.Time, random),
            new ListWebhookEndpoints(),
            new DeleteWebhookEndpoint(),
        ];
    }

    public string Name => ProviderName;

    public string Guide => EmbeddedText.Read("stripe.html");

    public IReadOnlyList<string> DeclineCodes => CardDecline.IssuerCodes;

    public void Map(IEndpointRouteBuilder routes)
    {
        var account = routes.MapGroup($"/{ProviderName}/{{account}}");
        foreach (var operation in _operations)
            account.MapMethods(operation.Path, [operation.Method], (RequestDelegate)(http => _endpoint.InvokeAsync(http, operation)));
        account.Map("/{**rest}", (RequestDelegate)(http => _endpoint.InvokeAsync(http, operation: null)));
        _authentication.Map(account);
    }
}
