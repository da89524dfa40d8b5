namespace OrleansPayments.GrainEngine.Contract.Grains;

public interface IUnimplementedGrain : IGrainWithStringKey
{
    Task Nothing();
}
