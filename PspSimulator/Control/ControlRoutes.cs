using OrleansPayments.PspSimulator.World;

namespace OrleansPayments.PspSimulator.Control;

/// <summary>Maps paths under <c>/control/{account}</c>; a malformed account name is refused here.</summary>
internal sealed class ControlRoutes(IEndpointRouteBuilder routes, SimulatedAccounts accounts)
{
    private readonly RouteGroupBuilder _control = routes.MapGroup("/control/{account}");

    public void Map(string method, string path, Func<HttpContext, Account, Task> run) =>
        _control.MapMethods(path, [method], (RequestDelegate)(http =>
        {
            if (accounts.TryGet(http.Request.RouteValues["account"] as string, out var account, out var problem)) return run(http, account);
            ControlAnswer.Refuse(http, new ControlProblem("account", problem));
            return Task.CompletedTask;
        }));
}
